from fastapi import Depends, FastAPI

from pricewell.api import prices, tenants
from pricewell.api.auth import check_key
from pricewell.services.runs import use_default_tracking

app = FastAPI(title="Pricewell")
app.include_router(prices.router, dependencies=[Depends(check_key)])
app.include_router(tenants.router)


@app.on_event("startup")
def startup():
    use_default_tracking()


@app.get("/health")
def health():
    return {"ok": True}
