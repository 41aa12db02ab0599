#!/bin/bash
# Hooks: their order, where they run and with what, time-outs, what the failure of each comes to.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
all="prestart createRuntime createContainer startContainer poststart poststop"

# A hook that notes what it finds: $1 its kind, $2 the folder to write to (in the container: /notes).
cat >hook.sh <<'H'
#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
dir=$2
cat >"$dir/$1.state"
echo "$1" >>"$dir/order"
pwd >"$dir/$1.cwd"
env | grep -v '^\(PWD\|SHLVL\|PATH\|_\)=' | sort >"$dir/$1.env"
for ns in mnt net pid user; do readlink /proc/self/ns/$ns; done >"$dir/$1.ns"
ls /proc/self/fd | wc -l >"$dir/$1.fds"
H
chmod +x hook.sh
mkdir notes
chmod 777 notes

# hooks KIND=JSON-MEMBERS...: $top with one hook of each kind, "path" left to be given
hooks() {
    local list='' hook
    for hook in "$@"; do
        list="$list,\"${hook%%=*}\":[{${hook#*=}}]"
    done
    top=",\"hooks\":{${list#,}}"
}

noting() { # KIND: the hook above
    local path=$WORK/hook.sh dir=$WORK/notes
    [ "$1" != startContainer ] || path=/hook.sh dir=/notes
    echo "$1=\"path\":\"$path\",\"args\":[\"its own name\",\"$1\",\"$dir\"]${2:-}"
}

# failing KIND PROGRAM: all hooks note, and this one is PROGRAM instead
failing() {
    local list=() hook
    for hook in $all; do
        if [ "$hook" = "$1" ]; then list+=("$hook=\"path\":\"$2\""); else list+=("$(noting "$hook")"); fi
    done
    hooks "${list[@]}"
    rm -f notes/*
}

order() {
    tr '\n' ' ' 2>/dev/null <notes/order | sed 's/ $//'
}

json() { # FILE EXPRESSION with d for the document
    python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

mounts=",{\"destination\":\"/notes\",\"type\":\"bind\",\"source\":\"$WORK/notes\",\"options\":[\"rbind\"]}"
mapfile -t noted < <(for hook in $all; do noting "$hook"; done)
hooks "${noted[@]}"
bundle b sh -c 'echo program >>/notes/order; exec sleep 1000'
cp hook.sh b/rootfs/hook.sh

runs "create" pctrun create -b b c
is "the first three, in their order" "$(order)" "prestart createRuntime createContainer"
pid=$(container_pid c)
runs "start" pctrun start c
eventually "the program runs" grep -q program notes/order
is "then the next two around it" "$(sed -n 4p notes/order)" startContainer
like "in their order" "$(order)" ' poststart| program'
for hook in prestart createRuntime poststart; do
    is "$hook is in the runtime's namespaces" "$(cat notes/$hook.ns)" \
        "$(for ns in mnt net pid user; do readlink /proc/self/ns/$ns; done)"
    is "$hook: in the bundle" "$(cat notes/$hook.cwd)" "$WORK/b"
    is "$hook: the pid" "$(json notes/$hook.state 'd["pid"]')" "$pid"
done
for hook in createContainer startContainer; do
    is "$hook is in the container's namespaces" "$(cat notes/$hook.ns)" \
        "$(for ns in mnt net pid user; do readlink "/proc/$pid/ns/$ns"; done)"
    is "$hook: the pid, as it sees it" "$(json notes/$hook.state 'd["pid"]')" 1
done
is "createContainer: in the root, with the host's files around it" "$(cat notes/createContainer.cwd)" "$WORK/b/rootfs"
is "startContainer: in the program's folder" "$(cat notes/startContainer.cwd)" /
for hook in prestart createRuntime createContainer; do
    is "$hook: status" "$(json notes/$hook.state 'd["status"]')" creating
done
is "startContainer: status" "$(json notes/startContainer.state 'd["status"]')" created
is "poststart: status" "$(json notes/poststart.state 'd["status"]')" running
for hook in prestart createRuntime createContainer startContainer poststart; do
    is "$hook: id and bundle" "$(json notes/$hook.state 'd["id"], d["bundle"]')" "('c', '$WORK/b')"
    is "$hook: no descriptors but three" "$(cat notes/$hook.fds)" 4
done
is "no environment" "$(cat notes/createRuntime.env)" ""
is "but the program's for startContainer" "$(cat notes/startContainer.env)" "TERM=xterm"
pctrun kill c KILL
eventually "stopped" is_status c stopped
runs "delete" pctrun delete c
is "poststop is the last" "$(tail -n 1 notes/order)" poststop
is "poststop: status and pid" "$(json notes/poststop.state 'd["status"], d["pid"]')" "('stopped', 0)"
is "poststop: in the bundle" "$(cat notes/poststop.cwd)" "$WORK/b"

hooks "createRuntime=\"path\":\"$WORK/hook.sh\",\"args\":[\"x\",\"one\",\"$WORK/notes\"],\"env\":[\"A=1\",\"B=two words\"]" \
    "startContainer=\"path\":\"/hook.sh\",\"args\":[\"x\",\"two\",\"/notes\"],\"env\":[]"
bundle b true
runs "a hook with an environment of its own" pctrun run -b b c
is "has just that" "$(cat notes/one.env)" $'A=1\nB=two words'
is "an empty one too" "$(cat notes/two.env)" ""

bundle b true
for hook in prestart createRuntime createContainer; do
    failing $hook /bin/false
    bundle b true
    refused "$hook fails" "error running $hook hook #0: /bin/false: exit status 1" pctrun create -b b c
    is "nothing is left" "$(pctrun list -q)" ""
    is "poststop ran, nothing after the failure" "$(order)" \
        "$(echo "prestart createRuntime createContainer" | sed "s/ *$hook.*//; s/\$/ poststop/; s/^ //")"
done
failing startContainer /bin/false
bundle b sh -c 'echo program >>/notes/order'
refused "startContainer fails" 'error running startContainer hook #0: /bin/false: exit status 1' pctrun run -b b c
is "no program, no poststart" "$(order)" "prestart createRuntime createContainer poststop"
runs "create" pctrun create -b b c
refused "the same for start" 'error running startContainer hook #0' pctrun start c
is "nothing is left" "$(pctrun list -q)" ""
failing poststart /bin/false
bundle b sleep 1000
refused "poststart fails" 'error running poststart hook #0: /bin/false: exit status 1' pctrun run -d -b b c
is "the container is gone" "$(pctrun list -q)" ""
is "after poststop" "$(tail -n 1 notes/order)" poststop
failing poststop /bin/false
top=${top/'"poststop":['/"\"poststop\":[{\"path\":\"/nowhere\"},{$(noting poststop | cut -d= -f2-)},"}
bundle b true
runs "poststop fails" pctrun run -b b c
is "is a warning, and the next one runs" "$(tail -n 1 notes/order)" poststop
like "each with a line" "$out" 'warning: error running poststop hook #0: /bin/false: exit status 1'
like "saying why" "$out" 'warning: error running poststop hook #0: /nowhere: run it: No such file or directory'

hooks 'createRuntime="path":"/nowhere"'
bundle b true
refused "a hook that is not there" 'hook #0: /nowhere: run it: No such file or directory' pctrun run -b b c
hooks "createRuntime=\"path\":\"/bin/sh\",\"args\":[\"sh\",\"-c\",\"exit 127\"]"
bundle b true
refused "a hook that ends with 127" 'hook #0: /bin/sh: exit status 127' pctrun run -b b c
hooks "createRuntime=\"path\":\"/bin/sh\",\"args\":[\"sh\",\"-c\",\"kill -9 \$\$\"]"
bundle b true
refused "a hook that is killed" 'hook #0: /bin/sh: ended by signal 9' pctrun run -b b c
hooks 'createRuntime="path":"/bin/sleep","args":["sleep","1000"],"timeout":1'
bundle b true
begin=$EPOCHREALTIME
refused "a hook that takes too long" 'hook #0: /bin/sleep: killed at the end of its time: Connection timed out' pctrun run -b b c
is "is ended in its time" "$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000000 < 30))" 1
hooks 'startContainer="path":"/bin/sleep","args":["sleep","1000"],"timeout":1'
bundle b true
refused "one inside too" 'startContainer hook #0: /bin/sleep: killed' pctrun run -b b c
hooks 'createRuntime="path":"/bin/true","timeout":99999999999' 'startContainer="path":"/bin/true"'
top="$top,\"annotations\":{\"long\":\"$(head -c 300000 /dev/zero | tr '\0' x)\"}"
bundle b grep SigIgn /proc/self/status
runs "a hook that reads nothing of a long state" pctrun run -b b c
is "the program ignores no signal for it" "$out" "$(grep SigIgn /proc/self/status)"

hooks "createRuntime=\"path\":\"/bin/true\"" "prestart=\"path\":\"/bin/sh\",\"args\":[\"sh\",\"-c\",\"exit 3\"]"
bundle b true
refused "the first failure stops the rest" 'prestart hook #0: /bin/sh: exit status 3' pctrun run -b b c
rm -rf b

linux=$userns_maps namespaces="$default_namespaces,{\"type\":\"user\"}"
hooks "$(noting createContainer)" "$(noting startContainer)"
rm -f notes/*
bundle b true
cp hook.sh b/rootfs/hook.sh
shift_owner b/rootfs
runs "hooks in a user namespace" pctrun run -b b c
is "run" "$(order)" "createContainer startContainer"
is "as its root" "$(stat -c %u notes/createContainer.state notes/startContainer.state)" $'100000\n100000'
done_testing
