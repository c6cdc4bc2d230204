from tongzhou.modules.publications.forms.articles import (
    ArticleForm,
    BeginForm,
    CiteForm,
    Correcting,
    Editing,
    PictureForm,
    Placing,
)
from tongzhou.modules.publications.forms.columns import ColumnForm, ConsentForm, Giving, IssueForm

__all__ = [
    "ArticleForm", "BeginForm", "CiteForm", "ColumnForm", "ConsentForm", "Correcting", "Editing", "Giving", "IssueForm", "PictureForm", "Placing",
]  # fmt: skip
