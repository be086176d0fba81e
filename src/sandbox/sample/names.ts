/** Pools for invented people. */
export const firstNames =
  `Aaliyah Abel Adaeze Agnieszka Aisha Akira Alejandro Amara Amélie Anders Anjali Antonio Aoife Arjun Åsa Astrid Ayşe Beatriz
Benjamin Björn Bogdan Brianna Caleb Camille Carlos Chiamaka Chloë Christopher Ciarán Daniela David Deepika Delroy Đức Diego Dmitri
Dolores Ebony Eduardo Eleanor Elif Emeka Émile Emily Esperanza Ethan Fatima Felix Fernanda François Gabriela George Giulia Grace
Gustavo Hannah Haruka Héctor Helga Hiroshi Ibrahim Imani Inês Isaac Isabella Jamal James Jasmine Jean-Luc Jesús Ji-woo José
Joshua Josué Júlia Kamala Karolína Keisha Khalid Kofi Kwame Lakshmi Lars Latoya Leilani Lina Lourdes Łukasz Magdalena Malik
Marguerite Mariana Marisol Mary-Kate Matthew Maya Mei Michael Miguel Minh Mohammed Nadia Naomi Ngọc Nikhil Noémie Ofelia Oluwaseun
Omar Oscar Parveen Patrick Pauline Pedro Priya Quincy Rachel Raúl Rebecca René Ricardo Rosa Ruth Saanvi Samir Sandra Sean
Siobhán Sofía Stanislav Søren Tamika Tatiana Teresa Thảo Thomas Tomás Tyrone Valentina Veronica Víctor Vikram Wanjiku Wei William
Xiomara Yasmin Yuki Yusuf Zainab Zachary Zoë`.split(/\s+/)

export const lastNames =
  `Abdi Abernathy Acosta Adeyemi Aguilar Ahmed Alvarado Andersson Baptiste Barnes Becker Begum Bennett Bielski Björklund Blackwood
Boateng Brennan Brown Bùi Calderón Castillo Chávez Chen Chowdhury Cohen Cruz D'Angelo D'Souza Dąbrowski Das Davis Delacroix Díaz
Đặng Dlamini Douglas Dubois Eriksen Espinoza Fernández Fitzgerald Flores Fontaine Freeman Fujimoto García Goldberg Gómez Gonçalves
Grant Greene Guerrero Gupta Gutiérrez Hall Hamid Hansen Harris Hassan Hernández Herrera Hoàng Holmgren Horvat Howard Huỳnh Ibáñez
Ivanova Jackson Jansen Jiménez Johnson Jóhannsson Kamau Kaplan Kaur Kim Kovač Kowalczyk Kruger Kumar Lachance Larsen Lee-Banks
Lefèvre Lindqvist López Lý MacDonald Mahmoud Marín Márquez Martin McAllister McCarthy Mehta Mendoza Mensah Meyer Miller Mkhize
Moore Morales Moreau Müller Muñoz Murphy Nakamura Navarro Nguyễn Nikolić Novák Nowak Núñez O'Brien O'Connor O'Neil Obi Ochoa
Okafor Okonkwo Olsen Ortega Öztürk Padilla Park Patel Pérez Peterson Phạm Phillips Pietrzak Quiñones Quintero Rahman Ramírez
Reid Reyes Rivera Robinson Rodríguez Romero Rossi Ruiz Saito Salazar Sánchez Santos Schäfer Schneider Şahin Sharma Silva Singh
Škoda Smith Stewart Suárez Tanaka Taylor Thompson Torres Trần Tremblay Turner Umarov Uribe Valdez Vargas Vásquez
Vega Villanueva Võ Walker Washington Weber Weiss-Hall Williams Wójcik Wright Wu Yamamoto Yıldız Young Zamora Zhang Zielińska`.split(
    /\s+/,
  )

export const mailDomains = [
  'example.org',
  'example.com',
  'example.net',
  'meadowmail.example',
  'postbox.example',
  'kestrel.example',
  'cedarflats.example',
  'lanternmail.example',
]

export const streets =
  'Harvest Ln,Mill Race Rd,Orchard St,Quarry Ave,Lantern Way,Old Depot Rd,Larkspur Dr,Fourth St,Granary Ct,Juniper Ave,Ferry Rd,Schoolhouse Ln,Prairie Rose Dr,Bell Tower Pl'.split(
    ',',
  )

/** Letters that an email address can hold, for names with other letters. */
export function plainLetters(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('ı', 'i')
    .replace(/[^a-z]/g, '')
}
