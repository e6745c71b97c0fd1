class ShelfError(Exception):
    """Base of all errors of this package."""

    exit_code = 1
    http_status = 500


class NotOnShelf(ShelfError):
    exit_code = 4
    http_status = 404


class BadRequest(ShelfError):
    exit_code = 2
    http_status = 400
