#!/bin/bash
# buildah, with pctrun as its runtime
# time: 120 s
# shellcheck source=engine.sh
. "$(dirname "$0")/engine.sh"
needs buildah umoci

# Where RLIMIT_NOFILE can't be raised as far as buildah's default.
mkdir -p /etc/containers/containers.conf.d
cat >/etc/containers/containers.conf.d/test.conf <<'END'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[network]
network_backend = "netavark"
END

image
require "an image" buildah pull -q "oci-archive:$image"
buildah tag "$(tail -n 1 <<<"$out")" busybox

limited() {
    printf 'FROM busybox\nRUN cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max\n' >Containerfile
    runs "a build with limits" buildah bud --runtime /usr/bin/pctrun --memory 64m \
        --cpu-quota 50000 .
    like "has them" "$out" '^67108864$'
    like "each" "$out" '^50000 100000$'
}
limits

cat >Containerfile <<'END'
FROM busybox
RUN echo built >/built && ip -o link show eth0
USER alice
RUN id -u >/tmp/id
CMD ["cat", "/built", "/tmp/id"]
END
documented_commands buildah
configured /etc/containers/containers.conf.d/pctrun.conf

runs "a build" buildah bud --no-cache -t hello .
like "has a network" "$out" 'eth0'
require "a container from it" buildah from --name c hello
run() {
    buildah run "$@"
}
says "run" $'built\n1000' run c cat /built /tmp/id
status "the exit status" 4 run c sh -c 'exit 4'
status "no such program" 1 run c nonesuch
like "is told" "$out" 'executable file not found in \$PATH'
says "standard input" typed run c cat <<<typed
says "user, directory, environment, hostname" $'1000\n/etc\nb\nbox' run --user alice \
    --workingdir /etc -e A=b \
    --hostname box c sh -c 'id -u; pwd; echo $A; hostname'
status "a terminal" 5 person --rows 30 --columns 90 'expect:30 90\r\n/dev/pts/[0-9]' \
    'send:exit 5\r' wait -- buildah run --tty c sh -c "$(at_size 30 90); sh"
says "no network" lo run --network none c ls /sys/class/net
says "no capabilities" "CapBnd:	0000000000000000" run --user root --cap-drop all c grep CapBnd \
    /proc/self/status
mkdir volume && echo kept >volume/file
says "a volume" kept run -v "$WORK/volume:/v" c cat /v/file
status "read-only" 1 run -v "$WORK/volume:/v:ro" c touch /v/x
printf 'FROM busybox\nRUN cat /proc/self/uid_map\n' >Containerfile
echo containers:200000:200000 | tee /etc/subuid >/etc/subgid
like "a build in a user namespace" \
    "$(buildah bud --userns-uid-map 0:200000:65536 --userns-gid-map 0:200000:65536 . 2>&1)" \
    '^ *0 +200000 +65536$'
printf 'FROM busybox\nRUN false\n' >Containerfile
status "a build that fails" 1 buildah bud .
like "says where" "$out" 'building at STEP "RUN false"'
runs "rm" buildah rm c
says "nothing of pctrun is left" "" pctrun list -q
done_testing
