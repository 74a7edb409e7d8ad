#!/bin/sh
# Brings a version up on this server and keeps it only where it is healthy; otherwise the version before comes back.
#   sh infra/docker/deploy.sh TAG [ENVIRONMENT FILE]
# TAG is a tag v* on the branch main. Images are pulled where AVAAZ_IMAGES names a registry, and built otherwise.
set -eu
cd "$(dirname "$0")/../.."

tag=${1:?usage: deploy.sh TAG [ENVIRONMENT FILE]}
env_file=${2:-.env.production}
branch=${DEPLOY_BRANCH:-origin/main}
wait_s=${DEPLOY_WAIT_S:-300}
state=.deployed

say() { printf '%s\n' "deploy: $*" >&2; }

fail() {
	say "$*"
	exit 1
}

setting() { sed -n "s/^$1=//p" "$env_file" | tail -n 1; }

check_tag() {
	case $tag in
	v[0-9]*) ;;
	*) fail "$tag is not a version: tags are v1.2.3" ;;
	esac
	git rev-parse --quiet --verify "refs/tags/$tag" >/dev/null || fail "there is no tag $tag"
	git merge-base --is-ancestor "$tag^{commit}" "$branch" || fail "$tag is not on $branch"
}

compose() { AVAAZ_ENV_FILE=$env_file docker compose --env-file "$env_file" "$@"; }

# bring_up VERSION: the tree and the images of that version, until every health check passes.
bring_up() {
	git -c advice.detachedHead=false checkout --quiet "$1" || return 1
	AVAAZ_VERSION=$1
	export AVAAZ_VERSION
	case $(setting AVAAZ_IMAGES) in
	*/*) compose pull --quiet || return 1 ;;
	*) compose build --quiet || return 1 ;;
	esac
	compose up --detach --wait --wait-timeout "$wait_s" --remove-orphans || return 1
	answers
}

# The whole way through Caddy, as a browser goes. -k where the certificate is Caddy's own.
answers() {
	domain=$(setting AVAAZ_DOMAIN)
	own=
	[ "$(setting AVAAZ_TLS)" != internal ] || own=-k
	curl --silent --show-error --fail $own --retry 10 --retry-delay 3 --retry-all-errors --max-time 10 \
		--resolve "$domain:443:127.0.0.1" --output /dev/null "https://$domain/health/ready"
}

main() {
	[ -f "$env_file" ] || fail "$env_file is missing: copy $env_file.example"
	git fetch --quiet --tags origin || fail "the repository cannot be reached"
	check_tag
	before=$(cat "$state" 2>/dev/null || true)
	say "$tag follows ${before:-nothing}"

	if bring_up "$tag"; then
		printf '%s\n' "$tag" >"$state"
		say "$tag is up and healthy"
		return 0
	fi

	say "$tag is not healthy"
	compose ps >&2 || true
	compose logs --tail 40 >&2 || true
	[ -n "$before" ] || fail "there is no version to go back to"
	say "going back to $before"
	bring_up "$before" || fail "$before is not healthy either: see docs/operations.md"
	fail "$before is back; $tag was not deployed"
}

# In one piece, because the checkout changes this very file while it runs.
main
exit
