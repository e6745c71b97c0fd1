"""Fehlerklassen. Jeder Fehler hat eine Nummer für das Abweichungsprotokoll."""


class StabilabFehler(Exception):
    nummer = "SL-000"

    def __str__(self) -> str:
        return f"[{self.nummer}] {super().__str__()}"


class ExperimentFehlt(StabilabFehler):
    nummer = "SL-101"


class LaufFehlt(StabilabFehler):
    nummer = "SL-102"


class LaufNichtEindeutig(StabilabFehler):
    nummer = "SL-103"


class SignaturFehlt(StabilabFehler):
    nummer = "SL-201"


class SignaturUngueltig(StabilabFehler):
    nummer = "SL-202"


class DatenUngueltig(StabilabFehler):
    nummer = "SL-301"
