import { render } from 'preact';
import { App } from './app.tsx';
import { readDocument } from './model/read-document.ts';
import './style.css';

const app = document.getElementById('app');
const data = document.getElementById('data');
if (app && data) {
  const page = readDocument(data.textContent ?? '');
  // Frees the text, which is most of the page.
  data.remove();
  if (page) document.title = `${page.title} · Transplant`;
  render(page ? <App page={page} /> : <p class="empty">This page contains no data.</p>, app);
}
