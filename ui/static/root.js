/**
 * The page stands at the root of the lab, wherever a proxy shows that; the server need not know where. To be run
 * before Gradio's own scripts.
 */
window.gradio_config.root = new URL('.', location.href).href.replace(/\/$/, '');
