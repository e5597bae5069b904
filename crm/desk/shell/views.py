"""Small files that must live at a fixed address or speak of the salon. Open to everyone: the login page needs them."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from crm.desk.shell.colour import brand
from crm.team.selectors import salon_settings


@require_safe
@cache_control(public=True, max_age=60 * 60 * 24 * 365, immutable=True)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The salon's colour as custom properties. Its address carries the colour (base.html), so it may be kept."""
    colours = brand(salon_settings().accent)
    return HttpResponse(
        ":root{"
        f"--brand:{colours.light};--on-brand:{colours.on_light};"
        f"--brand-dark:{colours.dark};--on-brand-dark:{colours.on_dark}"
        "}\n",
        content_type="text/css; charset=utf-8",
    )


@require_safe
@cache_control(public=True, max_age=60 * 60)
def logo(request: HttpRequest) -> FileResponse:
    """The salon's logo, the one uploaded file that everybody may see."""
    picture = salon_settings().logo
    if not picture or not picture.storage.exists(picture.name):
        raise Http404
    return FileResponse(picture.open("rb"))


@require_safe
@cache_control(public=True, max_age=60 * 60 * 24)
def favicon(request: HttpRequest) -> FileResponse:
    """For who asks at the root without having read a page: a browser that opens a file, a bookmark, a mail program."""
    path = finders.find("img/icon-192.png")
    if path is None:
        raise Http404
    return FileResponse(Path(path).open("rb"), content_type="image/png")


@require_safe
@cache_control(private=True, max_age=60 * 60)
def manifest(request: HttpRequest) -> HttpResponse:
    """The web-app manifest, in the language of the person and with the salon's name."""
    return render(request, "manifest.webmanifest", content_type="application/manifest+json; charset=utf-8")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> FileResponse:
    """static/js/sw.js at the root: a worker governs only what lies below its own address."""
    path = finders.find("js/sw.js")
    if path is None:
        raise Http404
    return FileResponse(Path(path).open("rb"), content_type="text/javascript; charset=utf-8")
