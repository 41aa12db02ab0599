#!/bin/bash
# What a host can't enforce and who may say that it goes without: the option, the environment, the
# admin's file; never the bundle.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
unset PCTRUN_ACCEPT_UNENFORCED

# Nothing like it in cgroup v2, on any host.
linux=',"resources":{"memory":{"swappiness":10}}' \
    top=',"annotations":{"org.pctrun.accept-unenforced":"all","accept-unenforced":"all"}' bundle b true
warning='not enforced on this host \[memory-swappiness\]: memory.swappiness: cgroup version 2 has nothing like it \(from linux.resources.memory.swappiness in config.json\)'
refusal="this host can't enforce memory-swappiness; --accept-unenforced memory-swappiness before the command, or a line of /etc/pctrun/accept-unenforced, goes on without"

status "a bundle that asks for it is refused" 1 pctrun run -b b c
is "a line for each, and one for what to do" "$(sed -E "s/^pctrun: warning: $warning$/W/; s|^pctrun: $refusal$|R|" <<<"$out")" $'W\nR'
status "into the log goes" 1 pctrun --log log.json --log-format json run -b b c
is "the one line" "$(wc -l <log.json)" 1
runs "the option" pctrun --accept-unenforced memory-swappiness run -b b c
like "still says it" "$out" "$warning"
runs "with other words" pctrun --accept-unenforced io,memory-swappiness run -b b c
status "one word is not enough" 1 pctrun --accept-unenforced io run -b b c
like "the fix names it with the others" "$out" "; --accept-unenforced io,memory-swappiness before the command"
runs "the environment" env PCTRUN_ACCEPT_UNENFORCED=all pctrun run -b b c
status "the option goes before it" 1 env PCTRUN_ACCEPT_UNENFORCED=all pctrun --accept-unenforced io run -b b c
status "an empty one too" 1 env PCTRUN_ACCEPT_UNENFORCED=all pctrun --accept-unenforced= run -b b c

printf '# no limits on this host\nio, memory-swappiness # as it is\n' >"$PCTRUN_ETC/accept-unenforced"
runs "the file" pctrun run -b b c
runs "for an engine, which passes on nothing" env -i PCTRUN_ETC="$PCTRUN_ETC" PCTRUN_ROOT="$PCTRUN_ROOT" "$BUILD/pctrun" create -b b c
runs "it is there" pctrun delete c
status "the environment goes before it" 1 env PCTRUN_ACCEPT_UNENFORCED=io pctrun run -b b c
chmod 622 "$PCTRUN_ETC/accept-unenforced"
refused "a file that others may write" 'accept-unenforced: others may write it; chown root' pctrun run -b b c
runs "matters where something is planned only" pctrun list
chmod 600 "$PCTRUN_ETC/accept-unenforced"
chown 12345 "$PCTRUN_ETC/accept-unenforced"
refused "a file of somebody else" 'others may write it' pctrun run -b b c
chown 0 "$PCTRUN_ETC/accept-unenforced"
echo 'memory-swappines' >"$PCTRUN_ETC/accept-unenforced"
refused "an unknown word in it" "accept-unenforced: 'memory-swappines' is nothing that" pctrun run -b b c
rm "$PCTRUN_ETC/accept-unenforced"
for words in memroy al all,no 'io;pids' --root; do
    refused "the word $words" "^pctrun: --accept-unenforced: '.*' is nothing that a host may be unable to enforce" \
        pctrun --accept-unenforced "$words" run -b b c
done
refused "in the environment" "^pctrun: PCTRUN_ACCEPT_UNENFORCED: 'x' is nothing" env PCTRUN_ACCEPT_UNENFORCED=x pctrun run -b b c
# Every word that a plan is ever refused with can be accepted.
grep -ohE 'plan_missing\([^,]+, *"[a-zA-Z-]+"' -r "$TREE"/{ns,cgroup,net,seccomp,runtime} --include='*.c' |
    sed 's/.*"\(.*\)"/\1/' | sort -u >words
while read -r word; do
    runs "the word $word" pctrun --accept-unenforced "$word,memory-swappiness" run -b b c </dev/null
done <words
is "nothing is left" "$(pctrun list -q)" ""

pct_storage
tar -C "$SHARED/rootfs" -cf template.tar .
create() {
    pct create 7950 "$WORK/template.tar" --ostype unmanaged --arch amd64 --unprivileged 0 --start \
        --memory 64 "$@"
}
refused "pct create: an unknown word, before all else" "'x' is nothing" create --accept-unenforced x
is "no config" "$(ls "$PCTRUN_ETC/lxc")" ""
runs "pct create: what the start goes without" create --accept-unenforced all
is "it runs" "$(pct status 7950)" "status: running"
runs "stop it" pct stop 7950
done_testing
