// Uploads a form. With XMLHttpRequest, because fetch does not report the progress of an upload.

/**
 * @param signal ends the upload
 * @param onProgress called with the part of the form that is sent, from 0 to 1
 * @returns the answer, or null if the connection failed or the upload was ended
 */
export function upload(address, form, signal, onProgress) {
  const request = new XMLHttpRequest();
  const abort = () => request.abort();
  signal.addEventListener("abort", abort);
  return new Promise((resolve) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("load", () => resolve(answerOf(request)));
    request.addEventListener("loadend", () => {
      signal.removeEventListener("abort", abort);
      resolve(null); // no effect after an answer
    });
    request.open("POST", address);
    request.setRequestHeader("Prefer", "respond-async, wait=0");
    request.send(form);
  });
}

function answerOf(request) {
  const location = request.getResponseHeader("Location");
  return new Response(request.responseText, { status: request.status, headers: location ? { Location: location } : {} });
}
