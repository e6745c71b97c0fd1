import jinja2
import yaml

POD = """
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ name }}
  namespace: {{ namespace }}
  labels:
    jobdeck.io/run-id: "{{ run_id }}"
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: {{ image }}
          command: {{ command | tojson }}
          env:
            - name: MLFLOW_RUN_ID
              value: "{{ run_id }}"
            - name: JOBDECK_JOB
              value: "{{ name }}"
            - name: POD_NAME
              valueFrom: {fieldRef: {fieldPath: metadata.name}}
          resources:
            limits: {cpu: "{{ cpu }}", memory: {{ memory }}}
"""


def render(**kw):
    kw.setdefault("cpu", 2)
    kw.setdefault("memory", "4Gi")
    return yaml.safe_load(jinja2.Template(POD).render(**kw))
