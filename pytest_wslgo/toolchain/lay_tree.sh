# Lay SDKs over one another: $1 is the tree to make, $2 has the parts that it lacks, the others are GOROOTs.
# bin/go is a copy, so that the tree is its own; the rest are links. dash, bash and BusyBox.
set -e
tree=$1 without=$2
shift 2
mkdir -p "$tree/bin" "$tree/pkg" "$tree/src"

for sdk; do
    for part in "$sdk"/*; do
        case ${part##*/} in bin | pkg | src) ;; *) ln -sf "$part" "$tree/" ;; esac
    done
    ln -sf "$sdk"/pkg/* "$tree/pkg/"
    ln -sf "$sdk"/src/* "$tree/src/"
    cp -f "$sdk/bin/go" "$tree/bin/go"
done

merge() {
    folders=$(cd "$1/src" && find -L runtime internal -name testdata -prune -o -type d -print)
    (cd "$tree/src" && mkdir -p $folders)
    for folder in $folders; do ln -sf "$1/src/$folder"/*.* "$tree/src/$folder/"; done
}
if [ $# -gt 1 ]; then
    rm "$tree/src/runtime" "$tree/src/internal"
    for sdk; do merge "$sdk"; done
fi

for part in $without; do rm -rf "${tree:?}/$part"; done
