import { render } from 'preact';
import { App } from './app.tsx';
import { readDocument } from './model/read-document.ts';
import './style.css';

const app = document.getElementById('app');
const data = document.getElementById('data');
if (app && data) {
  const page = readDocument(data.textContent ?? '');
  // Read once; the text is as long as the whole page and need not stay.
  data.remove();
  if (page) document.title = `${page.title} · Transplant`;
  render(page ? <App page={page} /> : <p class="empty">This page has no data in it.</p>, app);
}
