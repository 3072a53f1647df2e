"""Every route of the app, Gradio's with ours, served or not: what is in braces is for a fuzzer to fill."""

_GRADIO = """
/ /config /config/ /openapi.json /theme.css /favicon.ico /robots.txt /manifest.json /login /login/ /logout
/pwa_icon /pwa_icon/{id} /monitoring /monitoring/summary /monitoring/{id} /svelte/{id} /static/{id} /assets/{id}
/static/img/logo.svg /docs /redoc
/gradio_api/user /gradio_api/user/ /gradio_api/login_check /gradio_api/token /gradio_api/app_id
/gradio_api/app_id/ /gradio_api/dev/reload /gradio_api/runs /gradio_api/run-history/connect
/gradio_api/run-history/buckets /gradio_api/run-history/records
/gradio_api/run-history/records/{name}/{id}/assets/{id} /gradio_api/info /gradio_api/info/
/gradio_api/openapi.json /gradio_api/custom_component/{id}/client/{id}/{id} /gradio_api/deep_link
/gradio_api/proxy={id} /gradio_api/proxy=http://made-up.hf.space/{id} /gradio_api/file={id}
/gradio_api/file=/etc/passwd /gradio_api/file=http://127.0.0.1/{id} /gradio_api/file/{id}
/gradio_api/stream/{id} /gradio_api/stream/{id}/close /gradio_api/stream/{id}/{id}/1/playlist.m3u8
/gradio_api/stream/{id}/{id}/1/{id}.aac /gradio_api/stream/{id}/{id}/{id}/playlist-file /gradio_api/reset
/gradio_api/heartbeat/{id} /gradio_api/api/{name} /gradio_api/run/{name} /gradio_api/call/{name}
/gradio_api/call/v2/{name} /gradio_api/call/{name}/{id} /gradio_api/call/v2/{name}/{id} /gradio_api/queue/join
/gradio_api/queue/data /gradio_api/queue/status /gradio_api/cancel /gradio_api/component_server
/gradio_api/upload /gradio_api/upload_progress /gradio_api/startup-events /gradio_api/theme.css
/gradio_api/process_recording /gradio_api/vibe-edit /gradio_api/undo-vibe-edit /gradio_api/vibe-code
/gradio_api/vibe-starter-queries /gradio_api/profiling/traces /gradio_api/mcp /gradio_api/mcp/
/gradio_api/mcp/http /gradio_api/mcp/schema /gradio_api/mcp/sse /gradio_api/mcp/messages/ /gradio_api/mcp/{id}
"""
_OURS = """
/parcel/{id} /lab/training /lab/exercises /lab/run /lab/check /lab/predict /lab/static/{id}
/lab/static/address.js /health
"""
_OTHERS = ["/{id}", "//{id}", "/lab", "/lab/", "/gradio_api", "/gradio_api/", "/lab/static/../../app.py", "/%00", "*", "http://made-up.example/"]  # fmt: skip

TEMPLATES = [*_GRADIO.split(), *_OURS.split(), *_OTHERS]

QUERIES = (
    "", "?", "?of={id}", "?session_hash={id}", "?upload_id={id}", "?deep_link={id}", "?page={id}", "?all_endpoints=1",
    "?session_id={id}", "?of=%7B%22task%22:%22product%22,%22options%22:{id},%22config%22:%7B%7D%7D&seed=x",
    "?of=%7B%22task%22:%22challenge%22,%22options%22:%7B%7D,%22config%22:%7B%22steps%22:1e400%7D%7D", "?limit=1e9",
    "?%ff=%00&&&=", "?username=a",
)  # fmt: skip
