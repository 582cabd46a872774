"""The import page: a product CSV in, a report out."""

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.csv_import import Report, import_products
from sandbox.csv_rows import UnreadableFileError
from sandbox.store.shop import Shop
from sandbox.web.admin.layout import page
from sandbox.web.markup import NOTHING, Html, join, render, template
from sandbox.web.server import Server, handle_of, server_of, shop_of

_FORM = template("import/form")

_SUMMARY = template("import/summary")

_REFUSALS = template("import/refusals")

_REFUSAL = template("import/refusal")


async def form(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    return _page(server, shop, NOTHING)


async def submit(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    async with request.form(max_files=1) as sent:
        file, overwrite = sent.get("file"), sent.get("overwrite") == "yes"
        content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        return _page(server, shop, _failure("Choose a file that is not empty."), 422)
    try:
        report = import_products(shop, content, overwrite=overwrite)
    except UnreadableFileError as error:
        return _page(server, shop, _failure(str(error)), 422)
    return _page(server, shop, _summary(report))


def _page(server: Server, shop: Shop, report: Html, status: int = 200) -> Response:
    body = render(_FORM, report=report, handle=handle_of(shop))
    return page(server, f"Import · {shop.name}", body, shop=shop, section="import", status=status)


def _failure(message: str) -> Html:
    return render(
        '<section class="banner bad" role="alert"><h2>Nothing was imported</h2><p>{message}</p></section>',
        message=message,
    )


def _summary(report: Report) -> Html:
    counts = [_count(report.rows, "row") + " read", _count(len(report.created), "product") + " added"]
    if report.updated:
        counts.append(_count(len(report.updated), "product") + " updated")
    if report.skipped:
        counts.append(_count(len(report.skipped), "product") + " left alone, being there already")
    if report.refusals:
        counts.append(_count(sum(refusal.rows for refusal in report.refusals), "row") + " refused")
    warnings = join(render("<p>{text}</p>", text=text) for text in report.warnings)
    ignored = NOTHING
    if report.ignored_columns:
        ignored = render(
            "<details><summary>{count} ignored</summary><p>{names}</p></details>",
            count=_count(len(report.ignored_columns), "column"),
            names=", ".join(report.ignored_columns),
        )
    refusals = NOTHING
    if report.refusals:
        rows = join(
            render(
                _REFUSAL,
                row=str(refusal.row),
                handle=refusal.handle or "–",
                reason=refusal.reason,
                rows=str(refusal.rows),
            )
            for refusal in report.refusals
        )
        refusals = render(_REFUSALS, rows=rows)
    return render(
        _SUMMARY,
        tone="" if report.refusals else "good",
        headline="Some rows were refused" if report.refusals else "Import finished",
        counts=", ".join(counts) + ".",
        warnings=join((warnings, ignored)),
        refusals=refusals,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


routes = [
    Route("/store/{handle}/import", form, methods=["GET"]),
    Route("/store/{handle}/import", submit, methods=["POST"]),
]
