// A file is chosen, or dropped anywhere on the page, of several the first; its bytes go to the kernel.

const PATIENCE = 30_000; // ms; the largest pictures take a few seconds
const NO_ANSWER = "There is no answer: reload this page, or start `make app` again.";

function megabytes(bytes) {
  return `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}

function render({ model, el }) {
  const most = model.get("most_bytes");
  el.innerHTML = `
    <label class="upload">
      <input type="file" accept="image/*,.heic,.heif,.avif">
      <span><b>Choose a picture</b> or drop one on this page</span>
    </label>
    <p class="upload-status" role="status"></p>`;
  const [input, field, status] = ["input", "label", "p"].map((tag) => el.querySelector(tag));
  let waiting;
  let only = ""; // said when the answer is there: which of several files it is about
  const say = (sentence) => {
    clearTimeout(waiting);
    status.textContent = sentence;
  };

  async function take(files) {
    const file = files[0];
    only = files.length > 1 ? `Of ${files.length} files only ${file.name} was taken.` : "";
    if (!file) {
      say("Only files can be dropped here: save the picture first, then drop the file.");
    } else if (file.size > most) {
      say(`${file.name} has ${megabytes(file.size)}; at most ${megabytes(most)} are taken.`);
    } else {
      say(`Looking at ${file.name} …`);
      try {
        send(file.name, await file.arrayBuffer());
      } catch {
        say(`${file.name} can't be read. Is it a folder, or was it moved?`);
      }
    }
  }

  function send(name, bytes) {
    clearTimeout(waiting); // that of a file sent a moment ago
    waiting = setTimeout(say, PATIENCE, NO_ANSWER);
    try {
      model.send({ name }, undefined, [bytes]);
    } catch { // its kernel has ended
      say(NO_ANSWER);
    }
  }

  const onDrag = (event) => {
    event.preventDefault();
    field.classList.toggle("dragged", event.type === "dragover");
  };
  const onDrop = (event) => {
    onDrag(event);
    take(event.dataTransfer.files);
  };
  const onDone = (content) => { if (content.done) say(only); };
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  model.on("msg:custom", onDone);
  window.addEventListener("dragover", onDrag);
  window.addEventListener("dragleave", onDrag);
  window.addEventListener("drop", onDrop);
  return () => {
    model.off("msg:custom", onDone);
    window.removeEventListener("dragover", onDrag);
    window.removeEventListener("dragleave", onDrag);
    window.removeEventListener("drop", onDrop);
  };
}

export default { render };
