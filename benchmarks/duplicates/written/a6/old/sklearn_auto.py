import mlflow
from sklearn.svm import SVC

from common import load_epochs

mlflow.sklearn.autolog()
x, y = load_epochs("01", "01")
with mlflow.start_run():
    SVC().fit(x.reshape(len(x), -1), y)
