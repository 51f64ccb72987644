import { mount } from 'svelte';

import FleetApp from './FleetApp.svelte';
import './style/tokens.css';
import './style/base.css';

mount(FleetApp, { target: document.querySelector('#app')! });
