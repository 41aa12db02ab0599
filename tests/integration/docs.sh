#!/bin/bash
# What docs/pct.md and docs/questions.md show is what happens.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bridge pctdoc0 10.77.0.1/24
mkdir -p vz/template/cache srv
export PCTRUN_VZ=$WORK/vz
cp "$("$TREE/scripts/template.sh" bookworm systemd)" vz/template/cache/debian-12.tar.zst
export PCTRUN_ACCEPT_UNENFORCED=all

# The transcript's lines become checks of this test.
take_checks() {
    local line
    while IFS= read -r line; do
        case $line in
        'ok '*) ok "${line#*- }" ;;
        'not ok '*) not_ok "${line#*- }" "what it printed:" ;;
        *) echo "$line" ;;
        esac
    done
}

for page in pct questions; do
    python3 "$TREE/tests/integration/transcript.py" "$TREE/docs/$page.md" /var/lib/vz="$WORK/vz" vmbr0=pctdoc0 \
        /srv/www="$WORK/srv/www" >shown
    take_checks < <(grep -v '^1\.\.' shown)
    like "all of docs/$page.md was run" "$(tail -n 1 shown)" '^1\.\.[0-9]+$'
    rm -rf srv
done
done_testing
