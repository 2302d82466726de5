# Kill every process of one command: its session, its process group, its descendants, and whoever still holds its output.
# Words: the leader's pid, then the names of its output as /proc shows them, such as pipe:[4026].
# Prints the pids that stay alive. Needs a POSIX shell with /proc, and ls for the holders; no other program.
leader=$1
shift
outputs=" $* "

holders() {
	[ "$outputs" = "  " ] || ls -l /proc/[0-9]*/fd 2>/dev/null | while read -r mode rest; do
		case $mode in
		/proc/*) pid=${mode#/proc/} ;;
		l?w*) case $outputs in *" ${rest##*-> } "*) printf '%s ' "${pid%%/*}" ;; esac ;;
		esac
	done
}

living() {
	for file in /proc/[0-9]*/stat; do
		read -r line <"$file" || continue
		pid=${file#/proc/}
		set -- ${line##*) }
		[ "$1" = Z ] || printf '%s ' "${pid%/stat},$2,$3,$4"
	done 2>/dev/null
}

# Adds to $doomed until nothing grows: members of the leader's session or group, and children of the doomed.
family() {
	doomed=" $(holders)"
	living=$(living)
	before=
	while [ "$before" != "$doomed" ]; do
		before=$doomed
		for one in $living; do
			pid=${one%%,*} kin=${one#*,}
			case $doomed in *" $pid "*) continue ;; esac
			case ",$one," in *",$leader,"*) doomed="$doomed$pid " ;; esac
			case $doomed in *" ${kin%%,*} "*) doomed="$doomed$pid " ;; esac
		done
	done
}

for pass in 1 2 3 4 5 6 7 8; do
	family
	[ "$doomed" = " " ] && exit 0
	for pid in $doomed; do
		[ "$pid" = 1 ] || [ "$pid" = $$ ] || kill -9 "$pid"
	done 2>/dev/null
done
printf '%s\n' "$doomed"
