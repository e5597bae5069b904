"""Everything of the salon as one zip, for the owner (practices.md, P51)."""

import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crm.office.access import owner_page
from crm.office.exporting import ExportRefused, export_salon
from crm.people.models import HealthNote, HealthNoteReading
from crm.team.models import User


@require_http_methods(["GET", "POST"])
@owner_page
def export(request: HttpRequest) -> HttpResponseBase:
    """The page says what is in it; its button gives the file."""
    if request.method != "POST":
        return render(request, "office/export.html")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        try:
            export_salon(folder=folder)
        except ExportRefused as why:
            messages.warning(request, str(why))
            return redirect("office:export")
        # gone from the disk as soon as it is closed
        packed = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*.csv")):
                archive.write(path, path.relative_to(folder).as_posix())
    now = timezone.now()
    _note_reading(request.user, now)
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=f"salon-{now:%Y-%m-%d}.zip")


def _note_reading(user: User, now: datetime) -> None:
    """The file holds every health note, so its owner has read them all (trust.md, Privacy)."""
    clients = HealthNote.objects.order_by().values_list("client", flat=True).distinct()
    HealthNoteReading.objects.bulk_create(
        [HealthNoteReading(client_id=client, user=user, read_at=now, where="export") for client in clients],
        batch_size=5_000,
    )
