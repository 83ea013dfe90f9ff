# Adds up the instructions of a callgrind output file by part of the code and prints PART COUNT lines.
# -v source=DIRECTORY, the sources of the core with a slash at the end.
#
# An instruction belongs to the file of the core it was written in, inlined or not. One from a library
# that was inlined counts for the file of the core it stands in, a function of a library for those that
# call it, in proportion to what their calls cost. The hash over all mappings, with which the pager mix
# ends, is no work of the pager.

# A name is written out once, as "(number) name", and from then on only its number stands there.
function name_of(kind, text,    number) {
    number = text
    sub(/\).*/, ")", number)
    if (length(text) > length(number)) names[kind, number] = substr(text, length(number) + 2)
    return names[kind, number]
}

function part_of(file) {
    if (file ~ /\/fnv-[0-9.]*\//) return "environment"
    if (index(file, source) != 1) return ""
    file = substr(file, length(source) + 1)
    if (file ~ /^blist\//) return "allocator"
    if (file ~ /^(pager\/|swap_|stripe|object|event|units|error|counters)/) return "pager"
    return "environment"
}

# The file that the next instructions were written in. One of a library leaves the part as it is.
function enter(file) {
    file = part_of(file)
    if (file != "" && part != "at the end") part = file
}

/^fl=/ { last_file = name_of("file", substr($0, 4)); next }
/^f[ie]=/ {
    last_file = name_of("file", substr($0, 4))
    if (from == "") enter(last_file)
    next
}
/^fn=/ {
    function_name = name_of("fn", substr($0, 4))
    part = part_of(last_file)
    if (function_name ~ /PagerMix<.*>::finish|SwapMeta::mappings/) part = "at the end"
    from = part == "" ? function_name : ""
    next
}
/^cf[il]=/ { name_of("file", substr($0, 5)); next }
/^cfn=/ { callee = name_of("fn", substr($0, 5)); next }
/^calls=/ { is_call = 1; next }
/^[0-9+*-]/ {
    who = from != "" ? from : part == "at the end" ? "environment" : part
    if (!is_call) cost[who] += $2
    else {
        if (!((callee, who) in paid)) callers[callee] = callers[callee] (callers[callee] == "" ? "" : "\n") who
        paid[callee, who] += $2
        paid_in_all[callee] += $2
    }
    is_call = 0
}

END {
    # What a library's function costs goes to its callers, step by step up to functions of the core.
    split("allocator pager environment", parts, " ")
    for (i in parts) is_part[parts[i]] = 1
    for (step = 0; step < 100; step++) {
        moved = 0
        for (fn in cost) {
            if (fn in is_part || !paid_in_all[fn] || cost[fn] < 1) continue
            amount = cost[fn]
            cost[fn] = 0
            moved = 1
            n = split(callers[fn], who_calls, "\n")
            for (i = 1; i <= n; i++) next_cost[who_calls[i]] += amount * paid[fn, who_calls[i]] / paid_in_all[fn]
        }
        for (fn in next_cost) cost[fn] += next_cost[fn]
        delete next_cost
        if (!moved) break
    }
    for (fn in cost) {
        if (!(fn in is_part)) other += cost[fn]
        total += cost[fn]
    }
    for (i in parts) printf "%s %.0f\n", parts[i], cost[parts[i]]
    printf "other %.0f\ntotal %.0f\n", other, total
}
