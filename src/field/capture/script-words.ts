/**
 * The functions of hide-words.ts in awk, for the capture script. `id(found)` gives the pseudonym of what was found.
 * mawk has no `{n}` in regular expressions and finds too little by `?`, hence the repetitions. Names of functions and steps are
 * those of hide-words.ts.
 */
export const WORDS_AWK = String.raw`
function is_name(c) { return c ~ /^[0-9A-Za-z_]/ }
function char_at(w, at) { return at < 1 ? "" : substr(w, at, 1) }
function hide_words(s,   out, w, registers) {
  if (s !~ candidate) return s
  registers = s ~ /GPR[0-9][0-9]:|NIP: |REGS: |MSR: |CFAR: /
  after_mac = 0
  out = ""
  while (match(s, /[0-9A-Za-z:._-]+/)) {
    w = substr(s, RSTART, RLENGTH)
    out = out substr(s, 1, RSTART - 1)
    s = substr(s, RSTART + RLENGTH)
    out = out (w ~ candidate ? hide_word(w, 1, registers) : w)
    w = tolower(w)
    after_mac = w == "mac" || w ~ /mac[-_]*addr/
  }
  return out s
}
function hide_word(w, step, registers,   s, l, left) {
  if (w == "" || step > 7) return w
  if (!find(w, step, registers)) return hide_word(w, step + 1, registers)
  s = found_at
  l = found_length
  left = hide_word(substr(w, 1, s - 1), step + 1, registers)
  return left id(substr(w, s, l)) hide_word(substr(w, s + l), step, registers)
}
function find(w, step, registers) {
  if (step == 1) return find_iqn(w)
  if (step == 2) return find_hex_run(w, registers)
  if (step == 3) return find_match(w, pairs_by_colon, "[0-9A-Za-z]", 0)
  if (step == 4) return find_match(w, pairs_by_dash, "[0-9A-Za-z]", 0)
  if (step == 5) return find_match(w, uuid, "[0-9A-Za-z]", 0)
  if (step == 6) return find_match(w, ipv4, "[0-9]", 1)
  return find_ipv6(w)
}
function find_match(w, pattern, part, short_groups,   from) {
  for (from = 1; match(substr(w, from), pattern); from = found_at + 1) {
    found_at = from + RSTART - 1
    found_length = RLENGTH
    if (char_at(w, found_at - 1) ~ part || char_at(w, found_at + found_length) ~ part) continue
    if (!short_groups || substr(w, found_at, found_length) !~ /[0-9][0-9][0-9][0-9]/) return 1
  }
  return 0
}
function find_iqn(w,   rest) {
  if (match(w, /[Ii][Qq][Nn]\.[0-9][0-9][0-9][0-9]-[0-9][0-9]\.[0-9A-Za-z]/)) {
    found_at = RSTART
    rest = substr(w, found_at)
    sub(/[.:_-]+$/, "", rest)
    found_length = length(rest)
    return 1
  }
  if (!match(w, naa)) return 0
  found_at = RSTART
  found_length = RLENGTH
  return 1
}
function find_hex_run(w, registers,   from, run, before, prefixed) {
  for (from = 1; match(substr(w, from), /[0-9A-Fa-f]+/); from = found_at + found_length) {
    found_at = from + RSTART - 1
    found_length = RLENGTH
    before = char_at(w, found_at - 1)
    prefixed = (before == "x" || before == "X") && char_at(w, found_at - 2) == "0"
    if (is_name(char_at(w, found_at + found_length)) || (is_name(before) && !prefixed)) continue
    if (found_length == 32 || (found_length == 12 && after_mac)) return 1
    run = substr(w, found_at, found_length)
    if (found_length == 16 && !registers && run ~ /^[125]|^[Cc]05076/) return 1
  }
  return 0
}
function find_ipv6(w,   from, run, end, cut) {
  for (from = 1; match(substr(w, from), /[0-9A-Fa-f:]+/); from = end) {
    found_at = from + RSTART - 1
    end = found_at + RLENGTH
    run = substr(w, found_at, RLENGTH)
    if (is_name(char_at(w, found_at - 1))) {
      cut = index(run, ":")
      run = substr(run, cut + 1)
      found_at += cut
    }
    if (run ~ /^:[^:]/ || run == ":") {
      run = substr(run, 2)
      found_at++
    }
    if (run ~ /[^:]:$/ || run == ":") run = substr(run, 1, length(run) - 1)
    found_length = length(run)
    if (!is_name(char_at(w, found_at - 1)) && !is_name(char_at(w, found_at + found_length)) && is_ipv6(run)) return 1
  }
  return 0
}
function is_ipv6(run,   copy, colons) {
  copy = run
  colons = gsub(/:/, "", copy)
  if (run ~ /[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]/ || colons > 8) return 0
  return index(run, "::") > 0 ? copy != "" : colons == 7
}
BEGIN {
  h = "[0-9A-Fa-f]"
  d = "[0-9]+[.]"
  candidate = "::|" h ":" h "+:" h "+:" h "|[0-9]\\." d "[0-9]+\\.[0-9]|" h h h h h h h h h h h h "|[Ii][Qq][Nn]\\.|" h h "-" h h "-" h h "-"
  pairs_by_colon = h h ":" h h ":" h h ":" h h ":" h h ":" h h "(:" h h ")*"
  pairs_by_dash = h h "-" h h "-" h h "-" h h "-" h h "-" h h "(-" h h ")*"
  uuid = h h h h h h h h "-" h h h h "-" h h h h "-" h h h h "-" h h h h h h h h h h h h
  ipv4 = d d d "[0-9]+"
  naa = "([Nn][Aa][Aa]|[Ee][Uu][Ii])\\." h h h h h h h h "+"
}
`;
