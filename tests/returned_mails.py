# ruff: noqa: E501  (as mail servers write them)
"""Mails as they come back, in the forms of several mail servers; all names are invented.

Each is made for a digest with a Message-ID to ann@reader.test; who reads them knows no more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

ID = "<" + "0123456789" * 4 + "@press.test>"
AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def original(message_id: str = ID) -> str:
    """Write the beginning of the mail that comes back."""
    return (
        "From: Desk <desk@press.test>\nTo: ann@reader.test\nSubject: Morning: Harbour of Eastport reopens\n"
        f"Message-ID: {message_id}\nList-Id: <morning.presswatch.press.test>\nAuto-Submitted: auto-generated\n"
        "\nA digest with ann@reader.test and 550 5.1.1 in its text.\n"
    )


def report(
    status: str = "5.1.1",
    *,
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 <ann@reader.test>: Recipient address rejected: User unknown in virtual mailbox table",
    to: str = "ann@reader.test",
    asked: str = "",
    message_id: str = ID,
    at: datetime = AT,
    returned: str = "message/rfc822",
) -> bytes:
    """Write a report as Postfix does."""
    asked = f"Original-Recipient: rfc822;{asked}\n" if asked else ""
    subject = "Undelivered Mail Returned to Sender" if action == "failed" else "Delayed Mail (still being retried)"
    return f"""\
Return-Path: <>
Date: {format_datetime(at)}
From: MAILER-DAEMON@mx.reader.test (Mail Delivery System)
Subject: {subject}
To: desk@press.test
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4F2A.1/mx.reader.test"
Message-Id: <{at:%Y%m%d%H%M%S}.4F2A@mx.reader.test>

This is a MIME-encapsulated message.

--4F2A.1/mx.reader.test
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.reader.test.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{to}>: host mail.reader.test[192.0.2.7] said: {diagnostic.partition("; ")[2]} (in reply to RCPT TO command)

--4F2A.1/mx.reader.test
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.reader.test
X-Postfix-Queue-ID: 4F2A
X-Postfix-Sender: rfc822; desk@press.test
Arrival-Date: Mon, 23 Nov 2026 07:00:01 +0000 (UTC)

Final-Recipient: rfc822; {to}
{asked}Action: {action}
Status: {status}
Remote-MTA: dns; mail.reader.test
Diagnostic-Code: {diagnostic}

--4F2A.1/mx.reader.test
Content-Description: Undelivered Message
Content-Type: {returned}

{original(message_id)}
--4F2A.1/mx.reader.test--
""".encode()


EXIM = f"""\
Return-path: <>
X-Failed-Recipients: ann@reader.test
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@relay.test>
To: desk@press.test
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1abcDE-0001Ab-2C@relay.test>
Date: Mon, 23 Nov 2026 08:00:00 +0000

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@reader.test
    host mail.reader.test [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<ann@reader.test>:
    550 5.1.1 User unknown

------ This is a copy of the message, including all the headers. ------

{original()}
""".encode()

EXIM_TIMEOUT = (
    EXIM.decode()
    .replace("    550 5.1.1 User unknown\n", "    450 4.2.1 greylisted: retry timeout exceeded\n")
    .replace("SMTP error from remote mail server", "SMTP error from remote mail server, with a temporary failure,")
    .encode()
)

EXIM_WARNING = f"""\
Return-path: <>
From: Mail Delivery System <Mailer-Daemon@relay.test>
To: desk@press.test
Subject: Warning: message 1abcDE-0001Ab-2C delayed 24 hours
Date: Tue, 24 Nov 2026 08:00:00 +0000

This message was created automatically by mail delivery software.
A message that you sent has not been delivered to one or more of its
recipients after more than 24 hours on the queue on relay.test.

The message identifier is:     1abcDE-0001Ab-2C
The message has the id:        {ID}

The address to which the message has not yet been delivered is:

  ann@reader.test
    host mail.reader.test [192.0.2.7]
    Delay reason: Connection timed out: 451 4.4.1

No action is required on your part. Delivery attempts will continue.
""".encode()

QMAIL = f"""\
Return-Path: <>
Date: 23 Nov 2026 08:00:00 -0000
From: MAILER-DAEMON@relay.test
To: desk@press.test
Subject: failure notice

Hi. This is the qmail-send program at relay.test.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@reader.test>:
192.0.2.7 does not like recipient.
Remote host said: 550 sorry, no mailbox here by that name (#5.1.1 - chkusr)
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <desk@press.test>
{original()}
""".encode()

OPENSMTPD = f"""\
Return-Path: <>
Subject: Delivery status notification: failed
From: Mailer Daemon <MAILER-DAEMON@relay.test>
To: desk@press.test
Date: Mon, 23 Nov 2026 08:00:00 +0000 (UTC)
MIME-Version: 1.0
Content-Type: multipart/mixed;boundary="12871093221209/relay.test"

This is a MIME-encapsulated message.

--12871093221209/relay.test
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

ann@reader.test: 550 5.1.1 <ann@reader.test>: Recipient does not exist

    Below is a copy of the original message:

--12871093221209/relay.test
Content-Description: Delivery Report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.test

Final-Recipient: rfc822; ann@reader.test
Action: failed
Status: 5.1.1

--12871093221209/relay.test
Content-Description: Message headers
Content-Type: text/rfc822-headers

{original()}
--12871093221209/relay.test--
""".encode()

#: As it wrote them before it knew delivery reports.
OPENSMTPD_PLAIN = f"""\
Return-Path: <>
Subject: Delivery status notification: error
From: Mailer Daemon <MAILER-DAEMON@relay.test>
To: desk@press.test
Date: Mon, 23 Nov 2026 08:00:00 +0000 (UTC)

    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

ann@reader.test: 550 5.1.1 <ann@reader.test>... User Unknown

    Below is a copy of the original message:

{original()}
""".encode()

EXCHANGE = f"""\
From: <postmaster@reader.test>
To: <desk@press.test>
Date: Mon, 23 Nov 2026 08:00:00 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary="ee0c-4d2e"
Content-Language: en-US
Message-ID: <bb35@mail.reader.test>
In-Reply-To: {ID}
Subject: Undeliverable: Morning: Harbour of Eastport reopens
Auto-Submitted: auto-replied
MIME-Version: 1.0

--ee0c-4d2e
Content-Type: multipart/alternative; differences=Content-Type; boundary="5f7a"

--5f7a
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Delivery has failed to these recipients or groups:

ann@reader.test<mailto:ann@reader.test>
The email address you entered couldn't be found.

--5f7a
Content-Type: text/html; charset="us-ascii"

<html><body>Delivery has failed</body></html>

--5f7a--

--ee0c-4d2e
Content-Type: message/delivery-status

Reporting-MTA: dns;mail.reader.test
Received-From-MTA: dns;relay.test
Arrival-Date: Mon, 23 Nov 2026 07:59:58 +0000

Final-Recipient: rfc822;ann@reader.test
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@reader.test not found by SMTP address lookup
X-Display-Name: ann@reader.test

--ee0c-4d2e
Content-Type: message/rfc822

{original()}
--ee0c-4d2e--
""".encode()

GMAIL = f"""\
From: Mail Delivery Subsystem <mailer-daemon@big.test>
To: desk@press.test
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {ID}
In-Reply-To: {ID}
Message-ID: <656f.170a@mx.big.test>
Date: Mon, 23 Nov 2026 00:00:00 -0800 (PST)
Content-Type: multipart/report; boundary="000000000000cad"; report-type=delivery-status

--000000000000cad
Content-Type: multipart/related; boundary="000000000000cae"

--000000000000cae
Content-Type: multipart/alternative; boundary="000000000000caf"

--000000000000caf
Content-Type: text/plain; charset="UTF-8"


** Address not found **

Your message wasn't delivered to ann@reader.test because the address couldn't be found.

--000000000000caf--
--000000000000cae--
--000000000000cad
Content-Type: message/delivery-status

Reporting-MTA: dns; big.test
Arrival-Date: Sun, 22 Nov 2026 23:59:59 -0800 (PST)
X-Original-Message-ID: {ID}

Final-Recipient: rfc822; ann@reader.test
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.big.test. (192.0.2.9, the server for the domain reader.test.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos or
 550 5.1.1 unnecessary spaces. a1-20020 - gsmtp
Last-Attempt-Date: Mon, 23 Nov 2026 00:00:00 -0800 (PST)

--000000000000cad
Content-Type: message/rfc822

{original()}
--000000000000cad--
""".encode()

COMPLAINT = f"""\
From: <staff@big.test>
To: <desk@press.test>
Subject: FW: Morning
Date: Mon, 23 Nov 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1_13d"

--part1_13d
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for an email message received from IP 192.0.2.1 on Mon, 23 Nov 2026.

--part1_13d
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <desk@press.test>
Original-Rcpt-To: <ann@reader.test>
Source-IP: 192.0.2.1

--part1_13d
Content-Type: message/rfc822

{original()}
--part1_13d--
""".encode()

AWAY = f"""\
Return-Path: <>
From: Ann Reader <ann@reader.test>
To: desk@press.test
Subject: Out of office: Morning: Harbour of Eastport reopens
In-Reply-To: {ID}
Auto-Submitted: auto-replied (vacation)
Date: Mon, 23 Nov 2026 08:00:01 +0000

I am away until 5.1.2027; the mailbox of ann@reader.test is not read. User unknown here can wait.
""".encode()

ANSWER = f"""\
From: Ann Reader <ann@reader.test>
To: desk@press.test
Subject: Re: Morning: Harbour of Eastport reopens
In-Reply-To: {ID}
Date: Mon, 23 Nov 2026 09:30:00 +0000

Thank you, could you look into this? The user unknown to us wrote 550 5.1.1.
""".encode()

READ = f"""\
From: Ann Reader <ann@reader.test>
To: desk@press.test
Subject: Read: Morning
Content-Type: multipart/report; report-type=disposition-notification; boundary="r"

--r
Content-Type: text/plain

Your message was read.

--r
Content-Type: message/disposition-notification

Final-Recipient: rfc822;ann@reader.test
Original-Message-ID: {ID}
Disposition: automatic-action/MDN-sent-automatically; displayed

--r--
""".encode()

FAILED = {
    "Postfix": report(),
    "Postfix, headers only": report(returned="text/rfc822-headers"),
    "Exim": EXIM,
    "qmail": QMAIL,
    "OpenSMTPD": OPENSMTPD,
    "OpenSMTPD, plain": OPENSMTPD_PLAIN,
    "Exchange": EXCHANGE,
    "Gmail": GMAIL,
}
EVERYTHING = [*FAILED.values(), EXIM_TIMEOUT, EXIM_WARNING, COMPLAINT, AWAY, ANSWER, READ]
