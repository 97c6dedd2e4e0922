// Greets somebody from somewhere.
const main = ({ name = 'stranger', place = 'somewhere' }) => ({ payload: `Hello, ${name} from ${place}!` })
