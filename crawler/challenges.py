"""Tells the pages by which a server keeps programs out: they ask to prove that a person reads. Pure.

They come with any status. A 503 that is a challenge is no failure that passes: asking again only hardens it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Headers that say it, with what their values begin with.
_HEADERS = {
    "cf-mitigated": ("challenge",),
    "x-vercel-mitigated": ("challenge",),
    "x-amzn-waf-action": ("challenge", "captcha"),
}
#: A challenge names itself near its beginning, and no challenge is long without its scripts.
_FAR = 65_536
_TITLE = re.compile(rb"<title\b[^>]{0,200}>([^<]{1,300})", re.IGNORECASE)
_SAID = re.compile(
    r"^\W*(?:just a moment|please wait\W*$|one moment,? please|attention required!|checking your browser|"
    r"(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:robot|human)\b|"
    r"making sure you['’]re not a bot|pardon our interruption|security (?:check|checkpoint)\b|"
    r"(?:vercel )?security checkpoint|ddos-guard|ddos protection by|human verification|bot verification|"
    r"captcha\b|access to this page has been denied|you have been blocked|"
    r"einen moment|nur einen moment|überprüfung ihres browsers|un instant|un momento|vérification de votre navigateur|"
    r"проверка браузера|подождите|один момент|вы не робот|安全验证|人机验证|访问验证|请稍候|請稍候|お待ちください|"
    r"잠시만 기다리|لحظة)",
    re.IGNORECASE,
)
#: Marks of the programs that write such pages. Not the scripts that they put into ordinary pages ("scripts/jsd").
_MARKS = re.compile(
    rb"/cdn-cgi/challenge-platform/h/|cf[-_]chl[-_]|__cf_chl|id=.challenge-(?:form|running|error-text|stage)|"
    rb"challenges\.cloudflare\.com/turnstile|cf-turnstile|captcha-delivery\.com|px-captcha|_Incapsula_Resource|"
    rb"/_sec/cp_challenge|sec-if-cpt-container|/\.well-known/ddos-guard|check\.ddos-guard\.net|"
    rb"sucuri_cloudproxy_js|awswaf\.com|/TSPD/|aws-waf-token|/ips\.js\?|anubis_challenge|bot-?detect\w*challenge|"
    rb"(?:hcaptcha\.com/1/api|recaptcha/(?:api|enterprise))\.js.{0,20000}(?:robot|human|unusual traffic)",
    re.IGNORECASE | re.DOTALL,
)


def told(status: int, headers: Mapping[str, str], body: bytes) -> str:
    """Say by what an answer is known as a challenge; "" when it is none. Names of headers are in lower case.

    What answers as a page is judged by its headers only: its text its reader judges.
    """
    for name, values in _HEADERS.items():
        if headers.get(name, "").strip().lower().startswith(values):
            return f"the server answered {status} with a challenge ({name}: {headers[name].strip()[:40]})"
    if status < 400 or status in (404, 410):
        return ""
    head = body[:_FAR]
    title = _TITLE.search(head)
    said = " ".join(title[1].decode("utf-8", "replace").split()) if title else ""
    if _SAID.match(said):
        return f"the server answered {status} with a challenge ({said[:80]!r})"
    if _MARKS.search(head):
        return f"the server answered {status} with a challenge that scripts are to solve"
    return ""
