# Where the variables of the user's shells come from. Between probe.sh and snapshot.sh, as one script with them.
#
# A login and an interactive shell are started once more, tracing, so that what they say as facts stays untouched. A line
# of the trace begins with PS4, and that with the nonce: neither what start-up files print nor their quotes deceive us.
#   +NONCE|subshell|function|file|line|its caller: function|file|line|the caller's caller: file|line|text  (| is 0x1e)
# bash as root takes no PS4 from the environment (since 4.4), so we have it read its start-up files, those of bash(1),
# INVOCATION; BASH_XTRACEFD (since 4.1) keeps the trace apart from a stderr that they redirect. zsh has %x and %I. Other
# shells know no file: the lines of the files that they read, told by the trace or by their manual, have to do.

interest='(CC|CXX|AR|CGO_[A-Z_]+|GOOS|GO[A-NP-Z0-9][A-Z0-9_]*|PATH|path|HOME|TMPDIR|LD_LIBRARY_PATH|WSLENV|DISPLAY|'\
'WAYLAND_DISPLAY|PULSE_SERVER|LIBGL_[A-Z_]+|XDG_(CACHE|CONFIG)_HOME|XDG_RUNTIME_DIR)'

# traced login|interactive: sections NAME.trace, and NAME.lines for what the trace does not tell. The end is told apart
# like that of a shell (see there), and kept in a variable, so that we wait for nobody who reads.
traced() {
    name=$1
    trace=$({
        start_traced 9>&1 2>&1 >/dev/null
        printf '\n%s traced\n\n' "$nonce"
    } | LC_ALL=C sed -n -E -e "/^$nonce traced/q" -e "s/^\\+*$nonce$rs(0?$rs)/\\1/" -e tours -e d -e :ours \
        -e "/^([^$rs]*$rs){9}((export|declare|typeset|readonly) .*|[A-Za-z_0-9]+=.* )?'?$interest\\+?=/p" \
        -e "/^([^$rs]*$rs){9}(\\.|source) /p" | head -c 250000)
    section "$name.trace"
    printf '%s\n' "$trace"
    read_files=$(printf '%s\n' "$trace" | sed -n -E "s/^.*$rs(\\.|source) '?([^']+).*/\\2/p")
    section "$name.lines"
    set -- $(start_up_files)
    set -f
    assigning_lines "$@" $read_files
    set +f
}

# The trace is on fd 9, or on fd 2. The shell is replaced at the end, so that no trap and no logout file runs.
start_traced() {
    case $name in login) how=-lc ;; *) how=-ic ;; esac
    before=$nonce$rs$rs$rs
    case $shell_kind in
    bash)
        before="$nonce$rs\${BASH_SUBSHELL-}$rs\${FUNCNAME[0]-}$rs\${BASH_SOURCE[0]-}$rs\${LINENO-}$rs\${FUNCNAME[1]-}$rs"
        before="$before\${BASH_SOURCE[1]-}$rs\${BASH_LINENO[0]-}$rs\${BASH_SOURCE[2]-}$rs\${BASH_LINENO[1]-}$rs"
        set -- --noprofile --norc "$how" "PS4='+$before' BASH_XTRACEFD=9; set -x
$(bash_start)
exec $sh -c :"
        ;;
    zsh) set -- -x "$how" "exec $sh -c :" && before="$before%x$rs%I$rs$rs$rs$rs$rs$rs" ;;
    sh | dash | ash | busybox | ksh* | *ksh | yash)
        set -- -x "$how" "exec $sh -c :" && before="$before$rs\${LINENO-}$rs$rs$rs$rs$rs$rs"
        ;;
    *) return ;;
    esac
    limited "$shell_limit" env PATH="$given_path" PS4="+$before" "$login_shell" "$@"
}

bash_start() {
    case $name:${login_shell##*/} in
    login:sh) echo '[ -r /etc/profile ] && . /etc/profile; [ -r ~/.profile ] && . ~/.profile' ;;
    login:*)
        echo '[ -r /etc/profile ] && . /etc/profile
if [ -r ~/.bash_profile ]; then . ~/.bash_profile
elif [ -r ~/.bash_login ]; then . ~/.bash_login
elif [ -r ~/.profile ]; then . ~/.profile
fi'
        ;;
    *:sh) echo '[ "${ENV-}" ] && . "$ENV"' ;;
    *)
        echo '[ -r /etc/bash.bashrc ] && . /etc/bash.bashrc
[ -r /etc/bash/bashrc ] && . /etc/bash/bashrc
[ -r ~/.bashrc ] && . ~/.bashrc'
        ;;
    esac
}

# What the manuals of the shells say that they read.
start_up_files() {
    zdot=${ZDOTDIR:-${HOME-}}
    case $name:$shell_kind in
    login:bash) set -- /etc/profile /etc/profile.d/*.sh "${HOME-}/.bash_profile" "${HOME-}/.bash_login" "${HOME-}/.profile" ;;
    *:bash) set -- /etc/bash.bashrc /etc/bash/bashrc /etc/bashrc "${HOME-}/.bashrc" "${HOME-}/.bash_aliases" ;;
    login:zsh) set -- /etc/zshenv /etc/zsh/zshenv "$zdot/.zshenv" /etc/zprofile /etc/zsh/zprofile "$zdot/.zprofile" \
        /etc/zlogin /etc/zsh/zlogin "$zdot/.zlogin" ;;
    *:zsh) set -- /etc/zshenv /etc/zsh/zshenv "$zdot/.zshenv" /etc/zshrc /etc/zsh/zshrc "$zdot/.zshrc" ;;
    *:fish) set -- /etc/fish/config.fish /etc/fish/conf.d/*.fish "${XDG_CONFIG_HOME:-${HOME-}/.config}"/fish/conf.d/*.fish \
        "${XDG_CONFIG_HOME:-${HOME-}/.config}/fish/config.fish" ;;
    *:csh | *:tcsh) set -- /etc/csh.cshrc /etc/csh.login "${HOME-}/.tcshrc" "${HOME-}/.cshrc" "${HOME-}/.login" ;;
    login:*) set -- /etc/profile /etc/profile.d/*.sh "${HOME-}/.profile" ;;
    *) set -- "${ENV-}" ;;
    esac
    printf '%s\n' "$@"
}

# What may have set a variable before any shell: PAM, systemd, sshd.
session_files() {
    printf '%s\n' /etc/environment /etc/security/pam_env.conf "${HOME-}/.pam_environment" /etc/environment.d/*.conf \
        /usr/lib/environment.d/*.conf "${HOME-}"/.config/environment.d/*.conf /etc/systemd/system.conf \
        /etc/systemd/user.conf "${HOME-}/.ssh/environment" /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf
}

# assigning_lines FILE...: "FILE:LINE:TEXT" of the lines that look like assignments of interest, comments left out.
assigning_lines() {
    for maybe in "$@"; do
        shift
        [ -f "$maybe" ] && [ -r "$maybe" ] && set -- "$@" "$maybe"
    done
    [ $# -eq 0 ] || LC_ALL=C grep -nHE -e "^([^#]*[^A-Za-z0-9_\$#])?$interest([[:space:]]+DEFAULT|[:+])?=" \
        -e "^[^#]*set(env)?[[:space:]]+(-[A-Za-z]+[[:space:]]+)*$interest[[:space:]]" -e '^[^#]*fish_add_path' -- "$@" |
        head -c 60000
}
