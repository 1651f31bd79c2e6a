"""An auditor for clinical-trial registrations: records in, quoted findings out."""

__version__ = "0.1.0"
