#!/bin/bash
# podman's checkpoint and restore, with pctrun as its runtime
# time: 120 s
# shellcheck source=engine.sh
. "$(dirname "$0")/engine.sh"
needs podman conmon umoci criu
if ! capture criu check; then
    skip "podman's checkpoint and restore" "CRIU can't work here: $(grep -m 1 Error <<<"$out")"
    done_testing
    exit
fi

configured /etc/containers/containers.conf.d/pctrun.conf
cat >/etc/containers/containers.conf.d/test.conf <<'END'
[containers]
log_driver = "k8s-file"
[engine]
events_logger = "file"
[network]
network_backend = "netavark"
END

count() {
    podman exec counter cat /tmp/count
}

counts_on() {
    [ "$(count)" -gt "$1" ]
}

image
require "an image" podman load -q -i "$image"
podman tag "$(tail -n 1 <<<"${out#Loaded image: }")" busybox

documented_commands checkpoint
eventually "it counts" counts_on 1
is "it is podman's again" "$(podman inspect --format '{{.State.Status}}' counter)" running
runs "a checkpoint that can be carried elsewhere" podman container checkpoint --export "$WORK/counter.tar.gz" counter
is "it has ended" "$(podman inspect --format '{{.State.Status}}' counter)" exited
runs "remove" podman rm counter
runs "restore" podman container restore --import "$WORK/counter.tar.gz"
eventually "it counts on" counts_on 5
runs "a second of it" podman container restore --import "$WORK/counter.tar.gz" --name other
is "of its own" "$(podman inspect --format '{{.State.Status}}' counter other)" $'running\nrunning'
done_testing
