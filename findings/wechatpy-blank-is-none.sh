#!/usr/bin/env bash
# wechatpy 1.8.18 with xmltodict 1.0.4: the content of a text message that is a blank or a line break is None, not
# a string, and every message loses its first and last blanks, although they stand in CDATA.
# Seen on 2026-11-28:
#   "  " -> None, " 1 " -> "1"
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check wechatpy==1.8.18 xmltodict==1.0.4 cryptography
"$work/venv/bin/python" - <<'EOF'
import sys
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
from wechatpy import parse_message

print("wechatpy", version("wechatpy"), "xmltodict", version("xmltodict"))
MESSAGE = (
    "<xml><ToUserName><![CDATA[a]]></ToUserName><FromUserName><![CDATA[b]]></FromUserName>"
    "<CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[{}]]></Content><MsgId>1</MsgId></xml>"
)
seen = [parse_message(MESSAGE.format(text)).content for text in ("  ", " 1 ")]
print("expected:", ["  ", " 1 "])
print("seen:", seen)
sys.exit(0 if seen == [None, "1"] else 1)
EOF
