// Parses each FIT file that is named some times over, and prints the median
// processor time of each in milliseconds, as a list.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [parser, rounds, ...names] = process.argv.slice(2)
const { default: Parser } = await import(pathToFileURL(parser))

const parse = content => new Promise(resolve => {
  new Parser({ force: true, mode: 'list' }).parse(content, (error, data) => resolve(error ?? data))
})

const medians = []
for (const name of names) {
  const content = readFileSync(name)
  const times = []
  for (let i = 0; i < rounds; i++) {
    const begin = process.cpuUsage()
    await parse(content)
    const { user, system } = process.cpuUsage(begin)
    times.push((user + system) / 1000)
  }
  medians.push(times.sort((a, b) => a - b)[Math.floor(times.length / 2)])
}
console.log(JSON.stringify(medians))
