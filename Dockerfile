# docker build -t backprop-lab . && docker run -p 7860:7860 -v lab:/data backprop-lab
FROM python:3.11-slim
ENV HOME=/home/lab LAB_DATA=/data GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860 PYTHONUNBUFFERED=1
# For whichever user it is run as.
RUN mkdir -p -m 1777 /data /home/lab
WORKDIR /app
COPY pre-requirements.txt requirements.txt ./
RUN pip install --no-cache-dir -r pre-requirements.txt && pip install --no-cache-dir -r requirements.txt
COPY app.py ./
COPY datasets ./datasets
COPY notebooks ./notebooks
COPY service ./service
COPY ui ./ui
USER 1000
RUN python -c "from service.jobs.kernels import compile_kernels; compile_kernels()"
VOLUME /data
EXPOSE 7860
HEALTHCHECK --start-period=120s --timeout=10s CMD python -c "import urllib.request as web; web.urlopen('http://127.0.0.1:7860/health')"
CMD ["python", "app.py"]
