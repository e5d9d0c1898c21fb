# bash completion for demarche
_demarche()
{
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
  local commands="forecast update next compare case score import check size
    solve export test walk fmt explain new help version"
  local common="--quiet --columns --markdown --help"
  local numbers="--set --seed --threads --max-situations --max-memory"
  local command="" word words=""
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
    -*) ;;
    *) command=$word; break ;;
    esac
  done
  case $prev in
  --kind | -k)
    mapfile -t COMPREPLY < <(compgen -W "letter ultimatum sanctions deal
      inspection mediation escalation blank" -- "$cur")
    return ;;
  --method)
    mapfile -t COMPREPLY < <(compgen -W "logit lp cfr pure enumerate" -- "$cur")
    return ;;
  --format)
    mapfile -t COMPREPLY < <(compgen -W "efg nfg json dot csv" -- "$cur")
    return ;;
  --equilibria)
    mapfile -t COMPREPLY < <(compgen -W "all" -- "$cur")
    return ;;
  --set | --ask | --seed | --threads | --draws | --levers | --toward | --as | \
  --columns | --max-situations | --max-memory | --sharpness | --tolerance | \
  --at | --search | --iterations | --max-nodes | --until | --weights | --most | \
  --by | --opens | --on | --source | --note | --question | --bins | --base)
    return ;;
  esac
  case $command in
  "") words=$commands ;;
  forecast)
    words="$common $numbers --json --ask --brief --draws --levers --toward
      --equilibria --search" ;;
  update)
    words="$common $numbers --json --ask --brief --until --no-cache
      --equilibria --search" ;;
  next) words="$common $numbers --json --brief --until --no-cache --most" ;;
  compare)
    words="$common $numbers --json --brief --until --no-cache --evidence
      --weights --skip-unknown" ;;
  case)
    words="$common $numbers --json --ask --until --no-cache --by --opens --on
      --source --note --question --bins --base --format --output"
    if [[ ${COMP_WORDS[COMP_CWORD - 1]} == case ]]; then
      mapfile -t COMPREPLY < <(compgen -W "init log forecast resolve history
        score export" -- "$cur")
      return
    fi ;;
  score) words="--quiet --columns --json --question --bins --base --help" ;;
  import) words="--quiet --columns --json --output --help" ;;
  check) words="$common $numbers --json --strict --memory" ;;
  size) words="$common $numbers --json --memory" ;;
  solve)
    words="$common $numbers --json --ask --brief --method --sharpness --limit
      --tolerance --at --path --branches --search --iterations" ;;
  export)
    words="$common --set --max-situations --max-memory --format --output
      --max-nodes" ;;
  test) words="$common $numbers --json" ;;
  walk) words="$common $numbers --as --replay" ;;
  fmt) words="--quiet --columns --markdown --write --check --help" ;;
  explain)
    words="$common --json --set --core --phases --who-sees" ;;
  new) words="--kind --output --quiet --help" ;;
  help) words=$commands ;;
  esac
  if [[ $cur == -* || -z $command || $command == help ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  fi
}
complete -F _demarche demarche
