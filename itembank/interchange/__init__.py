"""Items in and out of the bank: packages of the standard (QTI) and tables, read with a report on each item."""

from itembank.interchange.qti.writing import write_qti
from itembank.interchange.remarks import Defaults, Outcome, Remark
from itembank.interchange.tables.form import form
from itembank.interchange.tables.writing import write_xlsx
from itembank.interchange.upload import Upload, read

__all__ = ["Defaults", "Outcome", "Remark", "Upload", "form", "read", "write_qti", "write_xlsx"]
