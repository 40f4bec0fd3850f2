# Runs one PostgreSQL server for whoever holds this script's standard input: sh postgres-guard.sh <postgres> <folder> <port>
# Each line is an order: start, stop (as on a restart) or crash (as on a power cut); each is answered with a line "done".
# When the input ends, for whatever reason, the server is stopped and its folder removed: nothing is left behind.
postgres=$1 folder=$2 port=$3
server=
# Whoever gave an order may be gone before it is answered.
trap '' PIPE
end() {
  [ -n "$server" ] || return 0
  # Again and again: a server that has only just been started does not listen yet.
  while kill "-$1" "$server" 2>/dev/null && sleep 0.2; do :; done &
  wait "$server"
  server=
}
while read -r order; do
  case $order in
    start)
      "$postgres" -D "$folder/data" -h 127.0.0.1 -p "$port" -c unix_socket_directories= -c fsync=on \
        -c synchronous_commit=on -c max_connections=200 -c log_min_messages=fatal <&- >"$folder/log" 2>&1 &
      server=$!
      ;;
    stop) end INT ;;
    crash) end QUIT ;;
  esac
  echo done 2>/dev/null || :
done
end INT
rm -rf "$folder"
