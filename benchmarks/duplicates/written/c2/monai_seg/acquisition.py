"""What we know of a scan before it is anonymised."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Acquisition:
    site: str
    scanner: str
    field_strength: float
    protocol: str
    anonymiser: str = "deid-3.2"

    @classmethod
    def from_dicom(cls, header):
        return cls(
            site=str(header.get("InstitutionName", "unknown")).lower(),
            scanner=f"{header.get('Manufacturer')} {header.get('ManufacturerModelName')}",
            field_strength=float(header.get("MagneticFieldStrength", 0.0)),
            protocol=str(header.get("ProtocolName", "n/a")),
        )

    @property
    def is_mr(self):
        return self.field_strength > 0
