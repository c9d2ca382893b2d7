import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/grid.css';
import './styles/states.css';
import { render } from 'preact';
import { App, preloadScreen } from './app.js';
import { startKeyboard } from './keyboard.js';
import { startRouter } from './router.js';
import { startSession } from './state/session.js';

startRouter();
startKeyboard();
preloadScreen();
void startSession();
render(<App />, document.getElementById('app')!);
