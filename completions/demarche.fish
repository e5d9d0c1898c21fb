# fish completion for demarche
set -l commands forecast update next compare case score import check size solve export test walk fmt explain new help version
complete -c demarche -f
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a forecast -d 'odds, reasons and levers'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a check -d 'what is wrong or odd in a file'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a size -d 'count situations'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a solve -d 'strategies and certificate'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a export -d 'a game file'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a test -d 'the check lines of a file'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a walk -d 'sit in one chair'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a fmt -d 'canonical layout'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a explain -d 'a code, or how a file is understood'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a new -d 'a file to start from'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a help -d 'what a command does'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a version -d 'the version'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a update -d 'the odds given the news'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a next -d 'news that would move the odds'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a compare -d 'rival models on the same news'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a case -d 'forecasts on record'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a score -d 'the scores of a case'
complete -c demarche -n "not __fish_seen_subcommand_from $commands" -a import -d 'coded events as evidence'
set -l files forecast update next compare case score import check size solve export test walk fmt
complete -c demarche -n "__fish_seen_subcommand_from $files" -F
complete -c demarche -n "__fish_seen_subcommand_from forecast solve export check size test walk explain" -l set -x -d 'NAME=VALUE'
complete -c demarche -n "__fish_seen_subcommand_from forecast solve check size test walk" -l seed -x
complete -c demarche -n "__fish_seen_subcommand_from forecast solve check size test walk" -l threads -x
complete -c demarche -n "__fish_seen_subcommand_from forecast solve export check size test walk" -l max-situations -x
complete -c demarche -n "__fish_seen_subcommand_from forecast solve export check size test walk" -l max-memory -x
complete -c demarche -n "__fish_seen_subcommand_from forecast solve check size test explain" -l json
complete -c demarche -n "__fish_seen_subcommand_from forecast solve" -l ask -x -d 'a question'
complete -c demarche -n "__fish_seen_subcommand_from forecast solve" -l brief
complete -c demarche -n "__fish_seen_subcommand_from forecast" -l draws -x
complete -c demarche -n "__fish_seen_subcommand_from forecast" -l levers -x
complete -c demarche -n "__fish_seen_subcommand_from forecast" -l toward -x -d 'A,B'
complete -c demarche -n "__fish_seen_subcommand_from forecast" -l equilibria -x -a all
complete -c demarche -n "__fish_seen_subcommand_from forecast solve" -l search -x -d 'starts'
complete -c demarche -n "__fish_seen_subcommand_from solve" -l method -x -a 'logit lp cfr pure enumerate'
complete -c demarche -n "__fish_seen_subcommand_from solve" -l sharpness -x -d 'lambda'
complete -c demarche -n "__fish_seen_subcommand_from solve" -l limit
complete -c demarche -n "__fish_seen_subcommand_from solve" -l tolerance -x
complete -c demarche -n "__fish_seen_subcommand_from solve" -l at -x -d 'lambdas'
complete -c demarche -n "__fish_seen_subcommand_from solve" -l path
complete -c demarche -n "__fish_seen_subcommand_from solve" -l branches
complete -c demarche -n "__fish_seen_subcommand_from solve" -l iterations -x
complete -c demarche -n "__fish_seen_subcommand_from export" -l format -x -a 'efg nfg json dot'
complete -c demarche -n "__fish_seen_subcommand_from export" -l max-nodes -x
complete -c demarche -n "__fish_seen_subcommand_from export" -s o -l output -r -F
complete -c demarche -n "__fish_seen_subcommand_from check" -l strict
complete -c demarche -n "__fish_seen_subcommand_from check size" -l memory
complete -c demarche -n "__fish_seen_subcommand_from fmt" -s w -l write
complete -c demarche -n "__fish_seen_subcommand_from fmt" -l check
complete -c demarche -n "__fish_seen_subcommand_from explain" -l core -r -F
complete -c demarche -n "__fish_seen_subcommand_from explain" -l phases -r -F
complete -c demarche -n "__fish_seen_subcommand_from explain" -l who-sees -r -F
complete -c demarche -n "__fish_seen_subcommand_from walk" -l as -x -d 'actor'
complete -c demarche -n "__fish_seen_subcommand_from walk" -l replay -r -F
complete -c demarche -n "__fish_seen_subcommand_from new" -s k -l kind -x -a 'letter ultimatum sanctions deal inspection mediation escalation blank'
complete -c demarche -n "__fish_seen_subcommand_from new" -s o -l output -r -F
complete -c demarche -n "__fish_seen_subcommand_from update next compare case" -l set -x -d 'NAME=VALUE'
complete -c demarche -n "__fish_seen_subcommand_from update next compare case" -l seed -x
complete -c demarche -n "__fish_seen_subcommand_from update next compare case" -l threads -x
complete -c demarche -n "__fish_seen_subcommand_from update next compare case" -l max-situations -x
complete -c demarche -n "__fish_seen_subcommand_from update next compare case" -l max-memory -x
complete -c demarche -n "__fish_seen_subcommand_from update next compare case score" -l json
complete -c demarche -n "__fish_seen_subcommand_from update case" -l ask -x -d 'a question'
complete -c demarche -n "__fish_seen_subcommand_from update next compare" -l brief
complete -c demarche -n "__fish_seen_subcommand_from update" -l equilibria -x -a all
complete -c demarche -n "__fish_seen_subcommand_from update" -l search -x -d 'starts'
complete -c demarche -n "__fish_seen_subcommand_from update next compare case" -l until -x -d 'date'
complete -c demarche -n "__fish_seen_subcommand_from update next compare case" -l no-cache
complete -c demarche -n "__fish_seen_subcommand_from next" -l most -x
complete -c demarche -n "__fish_seen_subcommand_from compare" -l evidence -r -F
complete -c demarche -n "__fish_seen_subcommand_from compare" -l weights -x -d 'W,W'
complete -c demarche -n "__fish_seen_subcommand_from compare" -l skip-unknown
complete -c demarche -n "__fish_seen_subcommand_from case" -l by -x
complete -c demarche -n "__fish_seen_subcommand_from case" -l opens -x
complete -c demarche -n "__fish_seen_subcommand_from case" -l on -x
complete -c demarche -n "__fish_seen_subcommand_from case" -l source -x
complete -c demarche -n "__fish_seen_subcommand_from case" -l note -x
complete -c demarche -n "__fish_seen_subcommand_from case score" -l question -x
complete -c demarche -n "__fish_seen_subcommand_from case score" -l bins -x
complete -c demarche -n "__fish_seen_subcommand_from case score" -l base -x
complete -c demarche -n "__fish_seen_subcommand_from case" -l format -x -a 'json csv'
complete -c demarche -n "__fish_seen_subcommand_from case" -a "init log forecast resolve history score export"
complete -c demarche -n "__fish_seen_subcommand_from case import" -s o -l output -r -F
complete -c demarche -s q -l quiet -d 'no progress, no warnings'
complete -c demarche -l columns -x -d 'width of the text'
complete -c demarche -l markdown -d 'the input is Markdown'
complete -c demarche -s h -l help
complete -c demarche -l version
