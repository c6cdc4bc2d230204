from tongzhou.modules.publications.models.article import Article, Cited, Correction, Picture, Source
from tongzhou.modules.publications.models.column import Column, Issue
from tongzhou.modules.publications.models.consent import Consent

__all__ = ["Article", "Cited", "Column", "Consent", "Correction", "Issue", "Picture", "Source"]
