"""`doctor [--json]` (contracts.md)."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from crm.office.doctor import examine
from crm.office.sender_domain import examine_sender, sender_domain, txt_records


class Command(BaseCommand):
    help = (
        "Looks at database, broker, worker, clock, mail, SMS, address, backups and migrations. 1 if anything is amiss."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--dns", action="store_true", help="Asks DNS for SPF, DKIM and DMARC of the sender too.")
        parser.add_argument("--selector", default="", help="The name of the key that the mail provider signs with.")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine(now=timezone.now())
        if options["dns"]:
            findings += examine_sender(domain=sender_domain(), selector=options["selector"], ask=txt_records)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                mark = "ok  " if finding.is_well else "MEND"
                remedy = f" -> {finding.remedy}" if finding.remedy else ""
                self.stdout.write(f"{mark} {finding.name}: {finding.seen}{remedy}")
        if not all(finding.is_well for finding in findings):
            sys.exit(1)
