"""Multipart bodies: fields and one file, within limits."""

from aiohttp import BodyPartReader, web

from infra.models.errors import ModelsError, bad_request

_MOST_FIELD = 4096


async def read_form(
    request: web.Request, limit: int, longest_field: int = _MOST_FIELD
) -> tuple[dict[str, str], bytes]:
    """Fields (cut at `longest_field` bytes; repeated ones joined by commas) and the field `file`.

    Raises:
        ModelsError: it is no form (400), or the file is over `limit` bytes (413).
    """
    if not request.content_type.startswith("multipart/"):
        raise bad_request("send multipart/form-data")
    fields: dict[str, str] = {}
    data = b""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise bad_request("nested forms are not read")
            if part.name == "file":
                data = bytes(await part.read())
            elif part.name:
                name = part.name.removesuffix("[]")
                value = bytes(await part.read())[:longest_field].decode("utf-8", "replace")
                fields[name] = f"{fields[name]},{value}" if name in fields else value
            if len(data) > limit:
                raise ModelsError(413, "too_large", f"an upload is limited to {limit} bytes", param="file")
    except (ValueError, AssertionError) as error:
        raise bad_request("the form is malformed") from error
    return fields, data
