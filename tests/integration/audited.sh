# shellcheck shell=bash
# For tests of pctrun audit --pid, after lib.sh: reports, and what other tools say of the same process.
schema=$TREE/docs/schema/audit.json

# report PID: as JSON, in the file report
report() {
    runs "report on $1" pctrun audit --format json --pid "$1"
    # shellcheck disable=SC2154 # of lib.sh
    echo "$out" >report
}

# agrees NAME PID: the report follows the schema, and tools see the same
agrees() {
    report "$2"
    is "$1: as util-linux sees it" "$(python3 "$TREE/tests/integration/facts.py" "$schema" report 2>&1)" ''
}

# get EXPRESSION: of the last report
get() {
    python3 -c 'import json, sys; report = json.load(open("report")); print(eval(sys.argv[1]))' "$1"
}

# valid: the last report follows the schema
valid() {
    is "follows the schema" "$(python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open("report")), json.load(open(sys.argv[1])))' "$schema" 2>&1)" ''
}

# weaknesses: the names found, sorted
weaknesses() {
    get '" ".join(sorted(one["name"] for one in report["weaknesses"]))'
}

# found NAME DETAIL / not_found NAME: a weakness of the last report
found() {
    is "found: $1" "$(get "[one['detail'] for one in report['weaknesses'] if one['name'] == '$1']")" "['$2']"
}
not_found() {
    is "not found: $1" "$(get "[one['detail'] for one in report['weaknesses'] if one['name'] == '$1']")" "[]"
}

# filter ACTION CGROUP...: device filters of somebody else, and what they let through
filter() {
    python3 "$TREE/tests/integration/device_filter.py" "$@"
}

# filters_agree NAME CGROUP: what the last report says of known devices is what a process in that
# cgroup can do with them. Left out are those that say no for reasons of their own, or do something
# when they are opened.
filters_agree() {
    local known='[one for one in report["deviceFilters"]["known"] if one["name"] not in ("mem", "port", "kmsg", "md0")]'
    rm -rf nodes && mkdir nodes
    is "$1: what the kernel lets through" "$(get "'\n'.join(one['name'] + ' ' + one['allowed'] for one in $known)")" \
        "$(get "'\n'.join(' '.join(map(str, (one['name'], one['type'], one['major'], one['minor']))) for one in $known)" |
            filter try "$2" nodes)"
}
