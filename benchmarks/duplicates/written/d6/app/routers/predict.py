from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, Depends

from app.deps import classifier, holder
from app.ml.model import Classifier, Holder
from app.schemas import Answer, Batch, Document

router = APIRouter(prefix="/v1", tags=["predict"])


@router.post("/classify")
def classify(document: Document, clf: Classifier = Depends(classifier)) -> Answer:
    return clf.predict([document])[0]


@router.post("/classify/batch")
def classify_batch(batch: Batch, clf: Classifier = Depends(classifier)) -> list[Answer]:
    return clf.predict(batch.documents)


@router.post("/reload", status_code=202)
def reload(background: BackgroundTasks, h: Holder = Depends(holder)) -> dict[str, str]:
    background.add_task(h.refresh)
    return {"status": "scheduled"}
