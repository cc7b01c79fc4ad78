#!/bin/sh
# A client in one file: hands a voucher over, sends it to review, says what became of it.
#   EPAY_URL=http://127.0.0.1:8000 CLIENT_ID=... CLIENT_SECRET=... docs/api/example.sh voucher.json
# Needs curl and python3. Run it twice with the same file: the second run changes nothing.
set -eu
file=${1:?a file with one voucher object}
api=$EPAY_URL/api/v1

member() { # prints a member of the JSON on standard input
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

token=$(curl -sS --fail-with-body -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials \
    "$EPAY_URL/api/oauth2/token" | member access_token)

ask() { # ask METHOD PATH [curl options]: the answer's body, exit 22 when it is a problem
    method=$1 path=$2
    shift 2
    curl -sS --fail-with-body -X "$method" -H "Authorization: Bearer $token" "$@" "$api$path"
}

# The key makes the repetition harmless: the same file is the same request.
key=$(sha256sum "$file" | cut -c1-64)
id=$(ask POST /vouchers -H "Idempotency-Key: create-$key" -H "Content-Type: application/json" \
    --data-binary "@$file" | member id)
ask POST "/vouchers/$id/submit" -H "Idempotency-Key: submit-$key" | member state
echo "voucher $id"
