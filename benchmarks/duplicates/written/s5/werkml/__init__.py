"""werkml - ML-Plattform der Werke."""
__version__ = "2.7.1"
WERKE = {"KS": "Kassel", "WOB": "Wolfsburg", "POZ": "Poznań"}
