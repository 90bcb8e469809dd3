import './ui/design/tokens.css';
import { createRoot } from 'react-dom/client';
import { App, createPageSession } from './app/app.tsx';
import { howToConnect } from './app/how-to-connect.ts';

const place = document.getElementById('root');
if (place === null) throw new Error('index.html has no element with the id "root"');
const connect = await howToConnect();
void createPageSession(connect).then((session) => createRoot(place).render(<App {...session} connect={connect} />));
