#!/usr/bin/env bash
# aiohttp 3.14.5: a file in a form goes out with its name in percents in the plain filename= field. Servers of Werkzeug
# (Flask) and python-multipart (Starlette, FastAPI) take it as it stands: 岗位表.xlsx arrives as %E5%B2%97….xlsx.
# Seen on 2026-11-29:
#   filename="%E5%B2%97%E4%BD%8D%E8%A1%A8.xlsx"; both servers read just that
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check aiohttp==3.14.5 werkzeug==3.1.9 python-multipart==0.0.34
"$work/venv/bin/python" - <<'EOF'
import asyncio
import io
import sys
from importlib.metadata import version

import aiohttp
from python_multipart.multipart import parse_options_header
from werkzeug.formparser import parse_form_data

print(*(f"{name} {version(name)}" for name in ("aiohttp", "werkzeug", "python-multipart")))


class Sink:
    sent = b""

    async def write(self, chunk):
        self.sent += bytes(chunk)


async def sent():
    form = aiohttp.FormData()
    form.add_field("file", b"x", filename="岗位表.xlsx")
    sink, payload = Sink(), form()
    await payload.write(sink)
    return sink.sent, payload.headers["Content-Type"]


body, kind = asyncio.run(sent())
environ = {
    "REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)),
    "wsgi.input": io.BytesIO(body),
}
flask = parse_form_data(environ)[2]["file"].filename
line = next(one for one in body.split(b"\r\n") if one.lower().startswith(b"content-disposition"))
starlette = parse_options_header(line.split(b": ", 1)[1])[1][b"filename"].decode()
print("expected: 岗位表.xlsx")
print("seen:", flask, starlette)
name = "%E5%B2%97%E4%BD%8D%E8%A1%A8.xlsx"
sys.exit(0 if (flask, starlette) == (name, name) else 1)
EOF
