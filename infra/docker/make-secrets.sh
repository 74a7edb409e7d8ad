#!/bin/sh
# Makes the secrets of one installation as files, in ./secrets or the folder that is given. What is there stays.
#   sh infra/docker/make-secrets.sh [FOLDER]
set -eu
umask 077
folder=${1:-secrets}
mkdir -p "$folder"
chmod 700 "$folder"

random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# keep NAME MODE: the standard input becomes the file NAME, unless there is one.
keep() {
	if [ -s "$folder/$1" ]; then
		cat >/dev/null
		echo "kept  $folder/$1"
		return
	fi
	cat >"$folder/$1.new"
	chmod "$2" "$folder/$1.new"
	mv "$folder/$1.new" "$folder/$1"
	echo "made  $folder/$1"
}

# The folder is closed to everybody else; the files are readable so that each container's own user can read those
# that are mounted into it.
for name in secret_key agent_service_key livekit_api_secret postgres_password grafana_password; do
	random | keep "$name" 444
done
if [ ! -s "$folder/database_url" ]; then
	printf 'postgresql://avaaz:%s@postgres:5432/avaaz' "$(random)" | keep database_url 444
fi
printf 'postgresql://avaaz_owner:%s@postgres:5432/avaaz' "$(cat "$folder/postgres_password")" |
	keep migrations_database_url 444

# LiveKit refuses a file of keys that others may read.
printf 'avaaz: %s\n' "$(cat "$folder/livekit_api_secret")" | keep livekit_keys 400

# Keys that others give you. Compose reads these two itself, for the API and for the agent.
keep api.env 600 <<END
# SMTP_PASSWORD, GOOGLE_CLIENT_SECRET, MICROSOFT_CLIENT_SECRET, FACEBOOK_CLIENT_SECRET, SECRET_KEY_PREVIOUS, SENTRY_DSN
END
keep agent.env 600 <<END
# OPENAI_API_KEY, DEEPGRAM_API_KEY, LLM_API_KEY, SENTRY_DSN
END

keep sip 400 <<END
api_key: avaaz
api_secret: $(cat "$folder/livekit_api_secret")
ws_url: ws://livekit:7880
redis:
  address: redis:6379
sip_port: 5060
rtp_port: 10000-10200
use_external_ip: true
hide_inbound_port: true
logging:
  level: info
  json: true
END
