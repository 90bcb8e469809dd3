import './ui/design/tokens.css';
import { createRoot } from 'react-dom/client';
import { App, createPageSession } from './app/app.tsx';
import { connectWorker } from './app/worker/connect.ts';

const place = document.getElementById('root');
if (place === null) throw new Error('index.html has no element with the id "root"');
void createPageSession(connectWorker).then((session) => createRoot(place).render(<App {...session} connect={connectWorker} />));
