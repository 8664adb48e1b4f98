// Ends this process in order when its parent is gone: npm hands SIGTERM to the shell between us, which dies of it and
// tells nobody. Without this a server would go on with nobody left who could press Ctrl-C.
const parent = process.ppid;

const watching = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watching);
  process.kill(process.pid, 'SIGTERM');
}, 250);
watching.unref();
